import { Violation } from '../violation'

/** A change that was asked for and not decided yet. */
export interface FieldChange {
  done(): void
  refused(): void
  /** It may be made or not, now or later. */
  undecided(): void
}

/** What small changes make of the fields of a workspace: what they are, or one of what they may be. */
export interface Fields {
  changing(workspaceId: string, fields: object): FieldChange
  /** What a workspace begins with; nothing for one that is known. */
  takeNew(workspaceId: string, fields: object): void
  forget(workspaceId: string): void
  /** Throws a `Violation` when one has a value that nobody gave it. */
  check(workspaceId: string, name: string, fields: object): void
}

interface Field {
  settled: string
  pending: string[]
}

export function createFields(): Fields {
  const all = new Map<string, Map<string, Field>>()
  const known = (id: string, name: string) => all.get(id)?.get(name)

  function drop(id: string, fields: object): void {
    for (const [name, value] of Object.entries(fields)) {
      const field = known(id, name)
      const at = field?.pending.indexOf(JSON.stringify(value)) ?? -1
      if (at >= 0) field?.pending.splice(at, 1)
    }
  }

  return {
    changing(id, fields) {
      for (const [name, value] of Object.entries(fields)) known(id, name)?.pending.push(JSON.stringify(value))
      return {
        done() {
          drop(id, fields)
          for (const [name, value] of Object.entries(fields)) {
            const field = known(id, name)
            if (field) field.settled = JSON.stringify(value)
          }
        },
        refused: () => drop(id, fields),
        undecided: () => undefined,
      }
    },
    takeNew(id, fields) {
      if (all.has(id)) return
      const made = Object.entries(fields).map(
        ([name, value]) => [name, { settled: JSON.stringify(value), pending: [] }] satisfies [string, Field],
      )
      all.set(id, new Map(made))
    },
    forget: (id) => void all.delete(id),
    check(id, workspaceName, fields) {
      for (const [name, value] of Object.entries(fields)) {
        const field = known(id, name)
        const text = JSON.stringify(value)
        if (field && field.settled !== text && !field.pending.includes(text)) {
          throw new Violation('b', `${workspaceName} has ${name} ${text} and is to have ${[field.settled, ...field.pending].join(' or ')}`)
        }
      }
    },
  }
}
