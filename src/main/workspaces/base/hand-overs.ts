import { isDeepStrictEqual } from 'node:util'
import type { ContainerDetails } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import { createTurns } from '../../engine/turns'
import { log } from '../../log'
import { handOverInput } from '../../provisioning/handed-over'
import { openCredential } from '../../provisioning/repo-credential'
import type { Records, WorkspaceRecord } from '../../settings/records'
import type { SecretVault } from '../../settings/secret-vault'
import type { FormerVariables } from './former-variables'
import type { Registry } from './registry'
import { hasNeverHeldSecrets } from './workspace-resources'
import { watchState } from './workspace-state'

const TAKE_TIMEOUT_MS = 30_000
const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000
/** Over some five minutes. */
const MOST_TRIES = 10
/** On one engine: at a connection they are due in all workspaces that run, and each has the engine start a program. */
const AT_ONCE = 4

/** One hand-over, by whoever watches the state of a workspace anyway. */
export interface HandOver {
  /** As it is at the time of the call. */
  input(): Buffer
  onTaken(): void
}

/**
 * Variables and credentials on their way into running workspaces, which keep them in memory only. A start passes them on through the watch
 * that waits for it (`forWatch`); later changes, and workspaces started by others, get them in a separate call.
 */
export interface HandOvers {
  /** What a container with these labels gets besides the variables of its workspace. */
  surroundingsOf(labels: Record<string, string>): Record<string, string>
  /** Has to be called with a container before anything is handed over to it or runs in it. */
  look(record: WorkspaceRecord, container: ContainerDetails): Promise<void>
  /** With the keys that its ssh server lets in, if it does not have them already. */
  forWatch(record: WorkspaceRecord, containerId: string, authorizedKeys?: string | null): HandOver
  /** The environment of what Berth runs in the workspace. null takes away what the container was created with. */
  environmentOf(record: WorkspaceRecord): Record<string, string | null>
  /**
   * Hands over what has changed to this workspace, or to all, if they are ready. Resolves when that is done; a failure is logged, and tried
   * again.
   */
  bringUpToDate(workspaceId?: string): Promise<void>
  /** Which runs there are is about to be listed: those that are known may be over. */
  forget(isMeant: (workspaceId: string) => boolean): void
  close(): void
}

interface HandOversOptions {
  engineOf(record: WorkspaceRecord): Pick<Engine, 'exec' | 'containers' | 'images'>
  records: Pick<Records, 'list' | 'get'>
  registry: Pick<Registry, 'containerOf' | 'labelsOf'>
  formerVariables: FormerVariables
  variablesOf(record: WorkspaceRecord): Record<string, string>
  /** What a container with these labels gets besides; the workspace's own variables win. */
  surroundingsOf(labels: Record<string, string>): Record<string, string>
  /** What decides the variables of every workspace. */
  forAll(): object
  secrets: SecretVault
}

/** All that decides what is handed over. */
type Source = { containerId: string; forAll: object } & Pick<WorkspaceRecord, 'name' | 'env' | 'credentials' | 'repoCredential'>

export function createHandOvers(options: HandOversOptions): HandOvers {
  const { engineOf, records, registry, formerVariables, variablesOf, surroundingsOf, forAll, secrets } = options
  /** What each workspace has. */
  const taken = new Map<string, Source>()
  /** The last call of each: one after the other, so that what is newer comes last. */
  const queues = new Map<string, Promise<void>>()
  /** Of the containers that were looked at. */
  const labels = new Map<string, Record<string, string>>()
  const turns = createTurns(AT_ONCE)
  const closed = new AbortController()

  async function look(record: WorkspaceRecord, container: ContainerDetails): Promise<void> {
    labels.set(container.id, container.labels)
    await formerVariables.look(engineOf(record), container)
  }

  function givenTo(containerId: string, record: WorkspaceRecord): Record<string, string | null> {
    return { ...formerVariables.of(containerId), ...surroundingsOf(labels.get(containerId) ?? {}), ...variablesOf(record) }
  }

  function environmentOf(record: WorkspaceRecord): Record<string, string | null> {
    const container = registry.containerOf(record.id)
    return container ? givenTo(container.containerId, record) : variablesOf(record)
  }

  const sourceOf = ({ name, env, credentials, repoCredential }: WorkspaceRecord, containerId: string): Source => ({
    ...{ containerId, forAll: forAll(), name, env, credentials, repoCredential },
  })

  function forWatch(record: WorkspaceRecord, containerId: string, authorizedKeys: string | null = null): HandOver {
    let source: Source | null = null
    return {
      input() {
        // It may have changed since the caller read it.
        const current = records.get(record.id) ?? record
        // What the run before this one had went with it.
        taken.delete(record.id)
        source = sourceOf(current, containerId)
        const environment = givenTo(containerId, current)
        return handOverInput({ environment, credential: openCredential(secrets, current.repoCredential), authorizedKeys })
      },
      onTaken() {
        if (source) taken.set(record.id, source)
      },
    }
  }

  /** The record and container of a workspace that lacks something; null when there is nothing to do. */
  function outdated(workspaceId: string): { record: WorkspaceRecord; containerId: string } | null {
    const record = records.get(workspaceId)
    const container = registry.containerOf(workspaceId)
    if (!record || !container?.running || !container.ready || container.paused || closed.signal.aborted) return null
    const { containerId } = container
    return isDeepStrictEqual(taken.get(workspaceId), sourceOf(record, containerId)) ? null : { record, containerId }
  }

  async function handOver(workspaceId: string): Promise<void> {
    const found = outdated(workspaceId)
    if (!found) return
    const { record, containerId } = found
    const engine = engineOf(record)
    const listed = registry.labelsOf(containerId)
    // What the list says is enough, but for one that an older Berth has created.
    if (listed && hasNeverHeldSecrets({ labels: listed })) labels.set(containerId, listed)
    else if (taken.get(workspaceId)?.containerId !== containerId) {
      const details = await engine.containers.inspect(containerId)
      if (!details?.running) return
      await look(record, details)
    }
    const { input, onTaken } = forWatch(record, containerId)
    const said: string[] = []
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(TAKE_TIMEOUT_MS)])
    const hasNotes = await watchState(engine, containerId, signal, ({ state }) => said.push(state) > 0, input())
    // An older Berth has started it, or its image is not Berth's: it takes nothing until its next start.
    if (said.length > 0 || !hasNotes) return onTaken()
    throw new Error(`${record.name} did not accept the variables`)
  }

  function enqueue(workspaceId: string, tries: number): Promise<void> {
    const before = queues.get(workspaceId) ?? Promise.resolve()
    const next = before
      .then(() => turns.take(records.get(workspaceId)?.place ?? '', () => handOver(workspaceId)))
      .catch((error: unknown) => {
        if (outdated(workspaceId) === null) return
        log.warn({ err: error, workspace: records.get(workspaceId)?.name }, 'variables could not be passed to a workspace')
        if (tries === MOST_TRIES) return
        setTimeout(() => void enqueue(workspaceId, tries + 1), Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS)).unref()
      })
    queues.set(workspaceId, next)
    void next.then(() => {
      if (queues.get(workspaceId) === next) queues.delete(workspaceId)
    })
    return next
  }

  async function bringUpToDate(workspaceId?: string): Promise<void> {
    const ids = workspaceId === undefined ? records.list().map(({ id }) => id) : [workspaceId]
    await Promise.all(ids.filter((id) => outdated(id) !== null).map((id) => enqueue(id, 1)))
  }

  return {
    surroundingsOf,
    look,
    forWatch,
    environmentOf,
    bringUpToDate,
    forget: (isMeant) => {
      for (const id of taken.keys()) if (isMeant(id)) taken.delete(id)
    },
    close: () => closed.abort(),
  }
}
