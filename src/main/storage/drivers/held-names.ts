/** Names of volumes or images that are being created or removed at this moment, counted. */
export interface HeldNames {
  has(name: string): boolean
  all(): string[]
  during<Value>(names: readonly string[], work: () => Promise<Value>): Promise<Value>
}

export function createHeldNames(): HeldNames {
  const counts = new Map<string, number>()
  return {
    has: (name) => counts.has(name),
    all: () => [...counts.keys()],
    async during(names, work) {
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
      try {
        return await work()
      } finally {
        for (const name of names) {
          const left = (counts.get(name) ?? 1) - 1
          if (left === 0) counts.delete(name)
          else counts.set(name, left)
        }
      }
    },
  }
}
