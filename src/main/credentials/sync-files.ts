import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'
import { folderOf, HOME_FOLDER } from '../../shared/files/file-path'
import { type AddEntry, writeTar } from '../../shared/files/tar-writing'
import type { ContainerFile } from '../engine/containers'
import type { Engine } from '../engine/engine'
import { type CollectedBytes, collectCommand } from '../engine/run-command'
import { log } from '../log'
import { type Candidates, type Changes, candidatesOf, decideChanges, pathsToLookAt } from './changes'
import { loginHelper } from './generated-files'
import { contentOf, digestOf } from './host-content'
import { type InsideState, lookInside, STAGING_PREFIX } from './look-inside'
import { type Manifest, manifestFile, readManifest, type Sent } from './manifest'
import { belowHome, byFolder, movesOf, orders, PLACE, withFolders } from './placement'
import type { SyncPlan } from './plan'
import type { PlannedEntry } from './planned-entry'

const WORKSPACE_USER = { uid: 1000, gid: 1000 }
const LOOKED_AT_ONCE = 200
const PLACE_TIMEOUT_MS = 10 * 60_000
/** Files that are read at once; of each at most a piece waits in memory. */
const READ_AHEAD = 32
const GIT_TIMEOUT_MS = 30_000
const KEPT_BYTES = 8 * 1024 * 1024

interface SyncTarget {
  engine: Pick<Engine, 'containers' | 'exec'>
  /** It is running. */
  containerId: string
  signal: AbortSignal
  onSending?: (done: number, total: number) => void
}

interface SyncOptions {
  /** Overwrites and removes what was changed inside. */
  force: boolean
  /** For these git inside is to have a helper. */
  loginOrigins: string[]
  /** Files of root's that go with them. */
  rootFiles: ContainerFile[]
}

/** What came of it; paths inside. */
export interface SyncOutcome {
  sent: string[]
  removed: string[]
  conflicts: string[]
  /** Files that were there already. */
  unchanged: number
}

/**
 * Brings a workspace’s home folder in line with the plan: changes since the last time are sent as one tar, files that are no longer planned
 * are removed. Files changed inside are left and reported. Files are moved into place as a whole, one after the other, and a second run
 * continues an interrupted one. Throws FILE_UNUSABLE, EXEC_FAILED, CANCELLED and errors of the engine.
 */
export async function syncFiles(target: SyncTarget, plan: SyncPlan, { force, loginOrigins, rootFiles }: SyncOptions): Promise<SyncOutcome> {
  const { engine, containerId, signal } = target
  const manifest: Manifest = (await readManifest(engine, containerId, signal)) ?? { entries: new Map(), loginOrigins: [] }
  const sent = manifest.entries
  const candidates = candidatesOf(plan.entries, sent, force)
  const inside = await lookAt(target, candidates)
  const changes = await decideChanges(candidates, { sent, inside, force, hostDigest: digestOf })
  const { placed, failed } = await carryOut(target, plan, changes, inside)

  for (const origin of new Set([...manifest.loginOrigins, ...loginOrigins])) {
    const isWanted = loginOrigins.includes(origin)
    if (isWanted !== manifest.loginOrigins.includes(origin)) await setLoginHelper(target, origin, isWanted)
  }
  const next: Manifest = { entries: entriesAfter(plan, sent, changes, placed, failed), loginOrigins }
  const isSame = isSameManifest(next, manifest)
  const files = [...rootFiles, ...(isSame ? [] : [manifestFile(next)])]
  if (files.length > 0) await engine.containers.putFiles(containerId, files)
  return {
    sent: changes.send.filter(({ kind, path }) => kind !== 'folder' && placed.has(path)).map(({ path }) => path),
    removed: changes.remove.filter((path) => !failed(path)),
    conflicts: [
      ...changes.conflicts,
      ...changes.remove.filter(failed),
      ...changes.send.filter(({ path }) => failed(path)).map(({ path }) => path),
    ],
    unchanged: candidates.unchanged + [...changes.present.values()].filter(({ kind }) => kind !== 'folder').length,
  }
}

/** With many candidates the folders come first: nothing is below those that are not there. */
async function lookAt({ engine, containerId, signal }: SyncTarget, candidates: Candidates): Promise<Map<string, InsideState>> {
  const look = async (some: readonly string[]) =>
    some.length === 0 ? new Map<string, InsideState>() : lookInside(engine.exec, containerId, some, signal)
  const paths = pathsToLookAt(candidates)
  if (paths.length <= LOOKED_AT_ONCE) return look(paths)
  const above = new Set(paths.map(folderOf))
  const folders = await look(paths.filter((path) => above.has(path)))
  const isReached = (path: string) => !above.has(path) && (folderOf(path) === HOME_FOLDER || folders.has(folderOf(path)))
  return new Map([...folders, ...(await look(paths.filter(isReached)))])
}

/** What has come to its place, and whether something inside kept a path from it. */
async function carryOut(
  target: SyncTarget,
  plan: SyncPlan,
  { send, remove, removeFolders }: Changes,
  inside: ReadonlyMap<string, InsideState>,
): Promise<{ placed: Map<string, Sent>; failed(path: string): boolean }> {
  const placed = new Map<string, Sent>()
  if (send.length + remove.length + removeFolders.length === 0) return { placed, failed: () => false }
  const staging = `${STAGING_PREFIX}${nanoid()}`
  let refused: Set<string>
  try {
    const entries = withFolders(send, new Map(plan.entries.map((entry) => [entry.path, entry])))
    if (send.length > 0) await sendTar(target, staging, entries, placed)
    const work = [
      orders('remove', byFolder(remove)),
      orders('place', send.length > 0 ? movesOf(entries, inside) : []),
      orders('remove-folder', byFolder(removeFolders)),
    ]
    refused = await place(target, staging, work.join(''))
  } catch (error) {
    await removeStaging(target, staging)
    throw error
  }
  const failed = (path: string) => {
    for (let end = path.length; end > HOME_FOLDER.length; end = path.lastIndexOf('/', end - 1))
      if (refused.has(path.slice(0, end))) return true
    return false
  }
  for (const path of placed.keys()) if (failed(path)) placed.delete(path)
  return { placed, failed }
}

/** To a folder of a name that nobody inside can know before. */
async function sendTar(
  { engine, containerId, signal, onSending }: SyncTarget,
  staging: string,
  entries: readonly PlannedEntry[],
  sent: Map<string, Sent>,
): Promise<void> {
  const written = writeTar(async (add) => {
    await add({ name: `${staging}/`, type: 'directory', mode: 0o700, ...WORKSPACE_USER })
    const underWay = new Set<Promise<void>>()
    for (const entry of entries) {
      // In the order of these calls; only the reading of the files overlaps.
      const added = addEntry(add, `${staging}/${belowHome(entry.path)}`, entry).then((as) => {
        sent.set(entry.path, as)
        underWay.delete(added)
        onSending?.(sent.size, entries.length)
      })
      // Of those that fail the first is told.
      added.catch(() => undefined)
      underWay.add(added)
      if (underWay.size >= READ_AHEAD) await Promise.race(underWay)
    }
    await Promise.all(underWay)
  })
  try {
    await engine.containers.writeArchive(containerId, HOME_FOLDER, Readable.from(written.tar), signal)
  } catch (error) {
    throw signal.aborted ? cancelled() : (written.failure() ?? error)
  } finally {
    written.end()
  }
}

async function addEntry(add: AddEntry, name: string, entry: PlannedEntry): Promise<Sent> {
  const common = { ...WORKSPACE_USER, mtime: entry.modifiedAt }
  switch (entry.kind) {
    case 'folder':
      await add({ ...common, name: `${name}/`, type: 'directory', mode: entry.mode })
      return { kind: 'folder' }
    case 'link':
      await add({ ...common, name, type: 'symlink', linkname: entry.target })
      return { kind: 'link', target: entry.target, stamp: entry.stamp }
    case 'file': {
      const hash = createHash('sha256')
      await add({ ...common, name, type: 'file', mode: entry.mode, size: entry.size }, contentOf(entry, hash))
      const { mode, stamp } = entry
      return { kind: 'file', mode, modified: entry.modifiedAt.getTime() / 1000, digest: hash.digest('hex'), stamp }
    }
    default:
      return entry satisfies never
  }
}

/** Returns the paths that something inside kept from being placed or removed. */
async function place(target: SyncTarget, staging: string, work: string): Promise<Set<string>> {
  const command = ['bash', '-c', PLACE, 'bash', HOME_FOLDER, staging]
  const { exitCode, stdout, stderr } = await run(target, {
    user: 'workspace',
    command,
    stdin: Buffer.from(work),
    timeoutMs: PLACE_TIMEOUT_MS,
  })
  if (exitCode !== 0) throw failedInside('bash', stderr.toString('utf8').trim() || `exit code ${exitCode}`)
  const refused = stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
  return new Set(refused.map((path) => `${HOME_FOLDER}/${path}`))
}

/** In git’s configuration of the whole workspace: the user’s own may be a copy of the one on this machine. */
async function setLoginHelper(target: SyncTarget, origin: string, isWanted: boolean): Promise<void> {
  const key = `credential.${origin}.helper`
  const command = ['git', 'config', '--system', ...(isWanted ? ['--replace-all', key, loginHelper(origin)] : ['--unset-all', key])]
  const { exitCode, stderr } = await run(target, { user: 'root', command, timeoutMs: GIT_TIMEOUT_MS })
  // 5: somebody has taken it away already.
  if (exitCode !== 0 && !(exitCode === 5 && !isWanted)) throw failedInside('git', stderr.toString('utf8').trim() || `exit code ${exitCode}`)
}

interface Run {
  user: 'workspace' | 'root'
  command: string[]
  stdin?: Buffer
  timeoutMs: number
}

function run({ engine, containerId, signal }: SyncTarget, options: Run): Promise<CollectedBytes> {
  return collectCommand(engine.exec, {
    containerId,
    cwd: '/',
    environment: { LC_ALL: 'C.UTF-8' },
    maxBytes: KEPT_BYTES,
    signal,
    ...options,
  })
}

/** What stays because this fails, the next sync removes. */
async function removeStaging({ engine, containerId }: SyncTarget, staging: string): Promise<void> {
  const { signal } = new AbortController()
  const command = ['rm', '-rf', '--', `${HOME_FOLDER}/${staging}`]
  try {
    await run({ engine, containerId, signal }, { user: 'workspace', command, timeoutMs: PLACE_TIMEOUT_MS })
  } catch (error) {
    log.warn({ err: error, containerId }, 'the leftovers of an interrupted sync could not be removed')
  }
}

function entriesAfter(
  { entries }: SyncPlan,
  sent: ReadonlyMap<string, Sent>,
  { present, remove, conflicts }: Changes,
  placed: ReadonlyMap<string, Sent>,
  failed: (path: string) => boolean,
): Map<string, Sent> {
  const after = new Map<string, Sent>()
  const keep = (path: string, known: Sent | undefined) => {
    if (known !== undefined) after.set(path, known)
  }
  for (const { path } of entries) keep(path, placed.get(path) ?? present.get(path) ?? sent.get(path))
  // Changed files that are no longer planned are reported again the next time.
  for (const path of [...conflicts, ...remove.filter(failed)]) keep(path, sent.get(path))
  return after
}

function isSameManifest(next: Manifest, former: Manifest): boolean {
  return manifestFile(next).content === manifestFile(former).content
}

function failedInside(command: string, reason: string): BerthError {
  return new BerthError('EXEC_FAILED', `The files could not be written into the workspace: ${reason}.`, {
    ...{ command, reason },
    next: 'The workspace needs bash, git and coreutils. Install them, then sync again.',
  })
}

function cancelled(): BerthError {
  return new BerthError('CANCELLED', 'The sync was cancelled.', { what: 'the sync', next: 'Start the sync again if you still need it.' })
}
