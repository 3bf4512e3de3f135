import { z } from 'zod'
import { isLocalRepo } from '../../../shared/repo-url'
import type { SealedSecret } from '../../../shared/secret'
import { archivedConfiguration } from '../../../shared/workspace-configuration/configuration'
import { privateFiles, readManifest } from '../../credentials/manifest'
import { log } from '../../log'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition, StepContext, UndoContext } from '../../operations/operation-definition'
import { repoWithCredential } from '../../provisioning/repo-credential'
import type { WorkspaceRecord } from '../../settings/records'
import type { ArchiveHead } from '../../storage/archive/archive-manifest'
import { readVolume } from '../../storage/archive/archive-volume'
import { type PartSource, publishArchive, removePartial, writeArchive } from '../../storage/archive/archive-write'
import { architectureOf } from '../base/architecture'
import type { LifecycleServices } from '../base/lifecycle-services'
import { endHelpers, volumeTarContext } from '../base/volume-tar'
import { workspaceInputSchema } from '../base/workspace-input'
import { hasNeverHeldSecrets, helperLabels, snapshotVolumeNames, type VolumeNames } from '../base/workspace-resources'
import { copyLayer, copyVolumes, type DiskTarget, diskSourceSchema, layerGone, layerOf, undoCopy } from '../lifecycle/disk-copy'
import { recordOf } from '../lifecycle/start-steps'

const exportInputSchema = workspaceInputSchema.extend({
  /** Names what is made for the time of the export. */
  exportId: z.string(),
  /** Absolute. */
  file: z.string(),
  overwrite: z.boolean(),
  /** Older Berths left nothing out. */
  withSecrets: z.boolean().default(true),
  source: diskSourceSchema,
})
export type ExportInput = z.infer<typeof exportInputSchema>

/** The file is there when it is whole. One that runs is read from a copy of one moment, which goes again. */
export function exportDefinition(services: LifecycleServices, version: string): OperationDefinition<ExportInput> {
  const removeCopy = async (input: ExportInput, context: UndoContext) => {
    await endHelpers(services, input.exportId)
    await undoCopy(services, input.source, targetOf(input), context)
  }
  return {
    kind: 'workspace.export',
    version: 2,
    input: exportInputSchema,
    older: [firstVersion('workspace.export')],
    // From here on the file is whole.
    commitStep: 'publish',
    cancellable: true,
    steps: [
      {
        name: 'layer',
        title: 'Save installed software',
        run: ({ input }) => keepImage(services, input),
        async undo(input, context) {
          await endHelpers(services, input.exportId)
          await removeCopy(input, context)
        },
      },
      {
        name: 'volumes',
        title: 'Copy volumes',
        async run({ input, skip, ...control }) {
          if (!isCopied(input)) return skip('The workspace is not running, so no copy is needed.')
          await copyVolumes(services, input.source, targetOf(input), control)
        },
        undo: removeCopy,
      },
      {
        name: 'write',
        title: 'Write file',
        run: (context) => write(context),
        async undo(input) {
          await endHelpers(services, input.exportId)
          await removePartial(input.file, input.exportId)
        },
      },
      {
        name: 'publish',
        title: 'Name the file',
        atomic: true,
        run: ({ input }) => publishArchive(input.file, input.overwrite),
      },
      {
        name: 'clean-up',
        title: 'Remove the copy',
        run: ({ input, ...context }) => removeCopy(input, context),
      },
    ],
  }

  async function write({ input, signal, progress, notice }: StepContext<ExportInput>): Promise<void> {
    const { engine } = services
    const record = recordOf(services, input)
    const image = await engine.images.inspect(layerOf(input.exportId, 'export'))
    if (!image) throw layerGone(record.name)
    const volumes = isCopied(input) ? targetOf(input).volumes : input.source.volumes
    const context = await volumeTarContext(services, input.exportId, signal)
    const estimate = await estimateBytes(services, input, Object.values(volumes), image.sizeBytes, signal)
    const copied = input.withSecrets ? [] : await copiedSecrets(services, input, signal)
    const volume = (name: 'home' | 'docker'): PartSource => ({
      name,
      open: (read) => readVolume(context, { volume: volumes[name], leftOut: name === 'home' ? copied : [] }, signal, read),
    })
    const workspace = archivedWorkspace(services, record, input.withSecrets)
    if (copied.length > 0) workspace.leftOut.push(`${copied.length} private files copied from this machine`)
    if (workspace.leftOut.length > 0) notice(leftOutNotice(workspace.leftOut))
    await writeArchive(input.file, {
      head: {
        id: input.exportId,
        berthVersion: version,
        imageId: image.id,
        architecture: architectureOf(services),
        workspace,
        createdAt: services.now().toISOString(),
      },
      // By its id: an image that is saved by a name brings that name along.
      parts: [{ name: 'image', open: (read) => engine.images.save(image.id, signal, read) }, volume('home'), volume('docker')],
      signal,
      onProgress: (done) => progress({ done, total: estimate === null ? null : Math.max(done, estimate), unit: 'bytes' }),
    })
  }
}

/** Approximate bytes that will be written, uncompressed. Only for progress: null if unknown. */
async function estimateBytes(
  services: LifecycleServices,
  { source, name }: ExportInput,
  volumes: string[],
  imageBytes: number,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const use = await services.storage(source.storage).measure(volumes, signal)
    return [...use.values()].reduce((sum, { bytes }) => sum + bytes, imageBytes)
  } catch (error) {
    if (signal.aborted) throw error
    log.warn({ err: error, workspace: name }, 'the volumes could not be measured')
    return null
  }
}

function isCopied({ source }: ExportInput): boolean {
  return source.container?.wasRunning ?? false
}

function targetOf({ id, name, exportId, source }: ExportInput): DiskTarget {
  const volumes: VolumeNames = snapshotVolumeNames(exportId)
  const roles = { home: 'snapshot-home', docker: 'snapshot-docker' } as const
  return { id, name, limits: null, layerId: exportId, volumes, storage: source.storage, roles }
}

/** Where older Berths wrote secrets into containers. */
const FORMER_SECRET_FILES = ['etc/berth/environment', 'etc/berth/git-credential']

/**
 * Layers contain what was written into them. If an older Berth may have written a secret, an image without secrets is created from the
 * files themselves, as one layer.
 */
async function keepImage(services: LifecycleServices, input: ExportInput): Promise<void> {
  const { source, exportId } = input
  const { engine } = services
  const target = layerOf(exportId, 'export')
  if (input.withSecrets) return copyLayer(services, source, target)
  const subject = source.container ? await engine.containers.inspect(source.container.id) : await engine.images.inspect(source.image ?? '')
  if (subject !== null && hasNeverHeldSecrets(subject)) return copyLayer(services, source, target)
  const { variables, lost } = services.environmentOf(recordOf(services, input))
  const leftOut = { files: FORMER_SECRET_FILES, variables: [...Object.keys(variables), ...lost] }
  if (source.container) return engine.containers.flatten(source.container.id, target, leftOut)
  if (source.image !== null)
    await engine.containers.flattenImage(source.image, target, helperLabels(services.installationId, exportId), leftOut)
}

/** Of a workspace without a container nothing tells which files Berth has copied. */
async function copiedSecrets({ engine }: LifecycleServices, { source }: ExportInput, signal: AbortSignal): Promise<string[]> {
  const manifest = source.container && (await readManifest(engine, source.container.id, signal))
  return manifest ? privateFiles(manifest) : []
}

const CREDENTIAL = 'credential of the repository'

function archivedWorkspace({ secrets }: LifecycleServices, record: WorkspaceRecord, withSecrets: boolean): ArchiveHead['workspace'] {
  const { name, repoState, repoCredential, createdAt } = record
  const { archived, leftOut } = archivedConfiguration(record, withSecrets ? secrets.open : undefined)
  const withCredential = (repo: string, sealed: SealedSecret) => (withSecrets ? repoWithCredential(secrets, repo, sealed) : null)
  const repo = record.repo !== null && repoCredential ? withCredential(record.repo, repoCredential) : record.repo
  const isCredentialLeftOut = repo === null && record.repo !== null
  const shownRepo = repo ?? record.repo
  return {
    name,
    ...archived,
    // A folder of this machine is none of another's.
    repo: shownRepo === null || isLocalRepo(shownRepo) ? null : shownRepo,
    furtherRepos: archived.furtherRepos.filter(({ url }) => !isLocalRepo(url)),
    repoState,
    leftOut: isCredentialLeftOut ? [...leftOut, CREDENTIAL] : leftOut,
    createdAt,
  }
}

function leftOutNotice(leftOut: string[]): string {
  return `The file does not contain these secrets: ${leftOut.join(', ')}. Export with secrets to include them.`
}
