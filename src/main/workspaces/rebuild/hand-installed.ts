import { BerthError, isBerthError } from '../../../shared/errors'
import { runCommand } from '../../engine/run-command'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { helperLabels, layerOwner } from '../base/workspace-resources'
import { LIST_COMMAND, MAX_LIST_BYTES, type PackageList, parsePackageList, withoutPackages } from './package-list'

const LIST_TIMEOUT_MS = 30_000

/** Packages that were installed in a workspace, or why they are unknown. */
export type HandInstalled = { packages: PackageList; unknown: null } | { packages: null; unknown: string }

type Listed = PackageList | { unknown: string }

const isUnknown = (listed: Listed): listed is { unknown: string } => 'unknown' in listed

/** What the package manager was asked for in the workspace, without what its image was made with. */
export async function handInstalledPackages(
  services: LifecycleServices,
  record: WorkspaceRecord,
  signal: AbortSignal,
): Promise<HandInstalled> {
  const inside = await listInside(services, record, signal)
  if (isUnknown(inside)) return { packages: null, unknown: inside.unknown }
  const imageId = await ownImage(services, record)
  if (imageId === null) return { packages: null, unknown: `The image of ${record.name} is no longer on the engine.` }
  const ofImage = await listInImage(services, imageId, record.id, signal)
  if (isUnknown(ofImage)) return { packages: null, unknown: ofImage.unknown }
  return { packages: withoutPackages(inside, ofImage), unknown: null }
}

/** Those of a running workspace, or of the layer that was kept of a stopped one. */
async function listInside(services: LifecycleServices, record: WorkspaceRecord, signal: AbortSignal): Promise<Listed> {
  const container = services.registry.containerOf(record.id)
  if (container?.running) return listInContainer(services, container.containerId, signal)
  if (record.keptLayer === null)
    return { unknown: `${record.name} is stopped, and its layer was not kept. Start it to see what was installed.` }
  return listInImage(services, record.keptLayer.reference, record.id, signal)
}

/** The image without installed software: a container can be created from a layer of the workspace. */
async function ownImage({ engine, registry, images }: LifecycleServices, record: WorkspaceRecord): Promise<string | null> {
  const container = registry.containerOf(record.id)
  const details = container && (await engine.containers.inspect(container.containerId))
  if (details && layerOwner(details.image) === null) return details.imageId
  return (await images.resolve(record)).imageId
}

async function listInContainer({ engine }: LifecycleServices, containerId: string, signal: AbortSignal): Promise<Listed> {
  const command = LIST_COMMAND
  try {
    const limits = { timeoutMs: LIST_TIMEOUT_MS, maxBytes: MAX_LIST_BYTES }
    const { exitCode, stdout } = await runCommand(engine.exec, { containerId, user: 'root', command, signal, ...limits })
    return readList(exitCode, stdout)
  } catch (error) {
    if (!isBerthError(error, 'EXEC_FAILED')) throw error
    return { unknown: error.data.reason }
  }
}

async function listInImage(
  { engine, installationId }: LifecycleServices,
  image: string,
  workspaceId: string,
  signal: AbortSignal,
): Promise<Listed> {
  const labels = helperLabels(installationId, workspaceId)
  const ended = AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)])
  let helper: Awaited<ReturnType<typeof engine.helpers.start>>
  try {
    helper = await engine.helpers.start({ image, labels, command: LIST_COMMAND, capabilities: [], volumes: [] })
  } catch (error) {
    // No shell in it, for one.
    if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
    return { unknown: error.data.reason }
  }
  const abort = () => void helper.kill().catch(() => undefined)
  ended.addEventListener('abort', abort, { once: true })
  try {
    helper.stdin.end()
    helper.stderr.resume()
    const text = await readBounded(helper.stdout)
    const exitCode = await helper.exitCode()
    signal.throwIfAborted()
    return readList(exitCode, text)
  } finally {
    ended.removeEventListener('abort', abort)
    await helper.kill()
  }
}

async function readBounded(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_LIST_BYTES) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readList(exitCode: number | null, output: string): Listed {
  const list = exitCode === 0 ? parsePackageList(output) : null
  if (list) return list
  return { unknown: exitCode === 3 ? 'It has neither apt nor pacman.' : 'The package manager did not list the installed packages.' }
}

export function packagesUnknown(workspace: string, reason: string): BerthError<'PACKAGES_UNKNOWN'> {
  return new BerthError('PACKAGES_UNKNOWN', `The packages installed in ${workspace} cannot be determined. ${reason}`, {
    workspace,
    reason,
    next: 'Rebuild without reinstalling packages, then install what you need.',
  })
}
