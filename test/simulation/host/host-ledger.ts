import type { Core } from '../../../src/main/core'
import type { HostRecord } from '../../../src/main/settings/records'
import type { Operation } from '../../../src/shared/operation'
import { hasEnded } from '../../../src/shared/operation-state'
import { Violation } from '../violation'
import type { FileStore } from '../world/file-store'
import type { World } from '../world/world'
import { HOST_FOLDERS } from './host-names'

/** What the folders of host workspaces are to hold, by what was done to them. */
export interface HostLedger {
  /** Somebody has written into its folder. */
  wrote(workspaceId: string): void
  /** The operation copies that workspace. */
  copies(operationId: string, workspaceId: string): void
  /** Whether its next deletion is to take the folder, too. Returns what takes that back. */
  asksToRemove(workspaceId: string, folderToo: boolean): () => void
  /** To be told of each change of each operation. Throws a `Violation`. */
  changed(operation: Operation): void
  /** Once nothing is under way. Throws a `Violation`. */
  check(core: Core, records: readonly HostRecord[]): void
}

type Content = Record<string, string>

export function createHostLedger(world: World, files: FileStore, recorded: () => readonly HostRecord[]): HostLedger {
  /** By workspace: all that its folder was to hold, newest last, and since when. */
  const history = new Map<string, { content: Content; from: number }[]>()
  const sources = new Map<string, string>()
  const removals = new Set<string>()
  /** By workspace: what was last asked for. */
  const asked = new Map<string, boolean>()
  const begun = new Map<string, number>()
  /** Of deletions that were to leave them. */
  const kept = new Set<number>()
  const seen = new Map<string, HostRecord>()

  const contentOf = (folder: string): Content =>
    Object.fromEntries(files.listNow(folder).map((name) => [name, files.readNow(`${folder}/${name}`).toString()]))
  const note = (id: string, content: Content) => history.set(id, [...(history.get(id) ?? []), { content, from: world.now() }])

  function copied(operation: Operation): void {
    const record = recorded().find(({ id }) => id === operation.workspaceId)
    const source = sources.get(operation.id)
    if (!record || source === undefined) return
    const since = begun.get(operation.id) ?? 0
    const states = history.get(source) ?? []
    // It is of no one moment: each file is as it was at some time while it was copied, or was not there.
    const during = states.filter(({ from }, index) => from >= since || (states[index + 1]?.from ?? Number.POSITIVE_INFINITY) > since)
    for (const [name, text] of Object.entries(contentOf(record.hostFolder))) {
      if (!during.some(({ content }) => content[name] === text))
        throw new Violation('a', `${record.name} has a file ${name} that its source never had`)
    }
    for (const name of Object.keys(during[0]?.content ?? {})) {
      if (!(name in contentOf(record.hostFolder))) throw new Violation('a', `${record.name} lacks the file ${name} of its source`)
    }
  }

  return {
    wrote(id) {
      const record = recorded().find((one) => one.id === id)
      if (record) note(id, contentOf(record.hostFolder))
    },
    copies: (operationId, workspaceId) => void sources.set(operationId, workspaceId),
    asksToRemove(workspaceId, folderToo) {
      const before = asked.get(workspaceId) ?? false
      asked.set(workspaceId, folderToo)
      return () => void asked.set(workspaceId, before)
    },
    changed(operation) {
      const { id, kind, workspaceId, steps } = operation
      if (!kind.startsWith('host.') || workspaceId === null) return
      if (!begun.has(id)) {
        begun.set(id, world.now())
        if (asked.get(workspaceId)) removals.add(id)
      }
      const record = recorded().find((one) => one.id === workspaceId)
      if (record) seen.set(workspaceId, record)
      const path = seen.get(workspaceId)?.hostFolder
      // One that failed, or that went with a Berth that was killed, decides nothing: another may ask for more.
      const decides = operation.status === 'succeeded' || steps.some(({ name, status }) => name === 'folder' && status === 'running')
      if (kind === 'host.delete' && decides && !removals.has(id) && path !== undefined) kept.add(files.folderNumber(path) ?? 0)
      if (!hasEnded(operation) || !operation.committed || !record) return
      if (kind === 'host.clone') copied(operation)
      if (kind === 'host.clone' || kind === 'host.create') note(workspaceId, contentOf(record.hostFolder))
    },
    check(core, records) {
      for (const { id, name, hostFolder, created } of records) {
        const number = files.folderNumber(hostFolder)
        if (number === null) throw new Violation('a', `the folder of ${name} is gone`)
        if (created !== `1:${number}:${number}`)
          throw new Violation('c', `${name} is said to have made ${created}, and its folder is ${number}`)
        const wanted = history.get(id)?.at(-1)?.content
        const found = contentOf(hostFolder)
        if (wanted && JSON.stringify(wanted) !== JSON.stringify(found))
          throw new Violation('a', `${name} is to have ${JSON.stringify(wanted)} and has ${JSON.stringify(found)}`)
        const view = core.workspaces.get(id)
        if (view.name !== name || !['running', 'stopped', 'error'].includes(view.status))
          throw new Violation('f', `${name} is shown as ${view.name}, ${view.status}`)
      }
      const there = new Set(files.listNow(HOST_FOLDERS).map((name) => files.folderNumber(`${HOST_FOLDERS}/${name}`)))
      for (const number of kept) if (!there.has(number)) throw new Violation('a', 'a folder that was to stay after a deletion is gone')
      const owned = new Set(records.map(({ hostFolder }) => hostFolder))
      for (const name of files.listNow(HOST_FOLDERS)) {
        const folder = `${HOST_FOLDERS}/${name}`
        if (!owned.has(folder) && !kept.has(files.folderNumber(folder) ?? 0)) throw new Violation('c', `the folder ${folder} was left`)
      }
    },
  }
}
