import type { Writable } from 'node:stream'
import { Mutex } from 'async-mutex'
import { z } from 'zod'
import type { OperationDefinition, Step, StepContext } from '../../operations/operation-definition'
import { workspaceRecordSchema } from '../../settings/records'
import { IMAGE_FILES, imageIds } from '../../storage/archive/archive-image'
import { type ArchiveManifest, archiveInvalid, archivePartNameSchema } from '../../storage/archive/archive-manifest'
import { type OpenArchive, openArchive } from '../../storage/archive/archive-read'
import type { TarSummary } from '../../storage/archive/archive-tar'
import { TarRefused } from '../../storage/archive/archive-tar-header'
import { engineDisk, engineDiskFull, fillVolume } from '../../storage/archive/archive-volume'
import { architectureOf } from '../base/architecture'
import type { LifecycleServices } from '../base/lifecycle-services'
import { removeAllContainersOf } from '../base/own-containers'
import { ensureVolume, removeLayers, takeBackVolume } from '../base/owned-resources'
import { endHelpers, volumeTarContext } from '../base/volume-tar'
import { workspaceInputSchema } from '../base/workspace-input'
import { createContainer, explained } from '../lifecycle/create-container'
import { layerOf } from '../lifecycle/disk-copy'
import { reserveStep } from '../lifecycle/reserve-step'
import { scriptStepsIf, versionsWithoutScripts } from '../lifecycle/script-steps'
import { recordOf, startStepIf } from '../lifecycle/start-steps'

const importInputSchema = workspaceInputSchema.extend({
  /** Of the workspace to be. */
  record: workspaceRecordSchema,
  /** Absolute. */
  file: z.string(),
  /** Of the archive's header: it must be the same file all the way. */
  digest: z.string(),
  imageId: z.string(),
  /** The engine had the image before: it is not to be removed. */
  hadImage: z.boolean(),
  start: z.boolean(),
  /** What cannot be as it was, in sentences. */
  remarks: z.array(z.string()).default([]),
})
export type ImportInput = z.infer<typeof importInputSchema>

/** The file is read and checked whole before anything is made; what is made then is checked again on its way. */
export function importDefinition(services: LifecycleServices, onReserved: (workspaceId: string) => void): OperationDefinition<ImportInput> {
  const { engine } = services
  // Between its loading and its naming an image is nobody's.
  const images = new Mutex()
  return {
    kind: 'workspace.import',
    version: 3,
    input: importInputSchema,
    older: versionsWithoutScripts('workspace.import'),
    commitStep: 'init',
    cancellable: true,
    steps: [
      {
        name: 'check',
        title: 'Check file',
        async run(context) {
          for (const remark of context.input.remarks) context.notice(remark)
          await checkArchive(services, context)
        },
        undo: ({ id }) => endHelpers(services, id),
      },
      reserveStep(services, onReserved),
      {
        name: 'image',
        title: 'Load installed software',
        run: (context) => images.runExclusive(() => loadImage(services, context)),
        undo: (input) =>
          images.runExclusive(async () => {
            await removeLayers(engine, input)
            if (!input.hadImage) await engine.images.removeUnnamed(input.imageId)
          }),
      },
      volumeStep(services, 'home', 'Fill home volume'),
      volumeStep(services, 'docker', 'Fill Docker volume'),
      {
        name: 'container',
        title: 'Create container',
        run: ({ input, ...context }) => createContainer(services, recordOf(services, input), layerOf(input.id, 'import'), context),
        undo: (input) => removeAllContainersOf(services, input),
      },
      startStepIf(services, ({ start }) => start),
      ...scriptStepsIf(services, ({ start }: ImportInput) => start),
    ],
  }
}

function volumeStep(services: LifecycleServices, role: 'home' | 'docker', title: string): Step<ImportInput> {
  return {
    name: `${role}-volume`,
    title,
    async run({ input, signal, progress, ...rest }) {
      const volume = input.record.volumes[role]
      await ensureVolume(services, input.record, volume, role, rest)
      const context = await volumeTarContext(services, input.id, signal)
      await withArchive(input, async (archive) => {
        const fill = (write: (target: Writable) => Promise<void>) =>
          fillVolume(context, { volume, devices: role === 'docker' }, signal, write)
        const part = async (target: Writable) => {
          await archive.readPart(role, {
            target,
            signal,
            onProgress: (done) => progress({ done, total: storedBytes(archive, role), unit: 'bytes' }),
          })
        }
        await explained(services, input.record, () => fill(part))
      })
    },
    async undo({ id, record }, context) {
      await endHelpers(services, id)
      await takeBackVolume(services, record, record.volumes[role], context)
    },
  }
}

/** Reads all of the file once. Throws ARCHIVE_INVALID, DISK_FULL. */
async function checkArchive(services: LifecycleServices, { input, signal, progress }: StepContext<ImportInput>): Promise<void> {
  const context = await volumeTarContext(services, input.id, signal)
  await withArchive(input, async (archive) => {
    checkArchitecture(services, input.file, archive.manifest)
    const { freeBytes: available } = await engineDisk(context, signal)
    const checkRoom = (needed: number) => {
      if (needed > available) throw engineDiskFull({ neededBytes: needed, availableBytes: available })
    }
    checkRoom(archive.manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0))
    let readBytes = 0
    let diskBytes = 0
    for (const name of archivePartNameSchema.options) {
      const before = readBytes
      const summary = await archive.readPart(name, {
        target: null,
        capture: name === 'image' ? IMAGE_FILES : [],
        signal,
        onProgress(done) {
          readBytes = before + done
          progress({ done: readBytes, total: archive.fileBytes, unit: 'bytes' })
        },
      })
      if (name === 'image') checkedImageIds(input.file, summary)
      diskBytes += summary.diskBytes
      checkRoom(diskBytes)
    }
  })
}

/** Gives the image a name of the workspace's, and no other. */
async function loadImage({ engine }: LifecycleServices, { input, signal, progress }: StepContext<ImportInput>): Promise<void> {
  await withArchive(input, async (archive) => {
    let ids: string[] = []
    await engine.images.load(signal, async (target) => {
      const summary = await archive.readPart('image', {
        target,
        capture: IMAGE_FILES,
        signal,
        onProgress: (done) => progress({ done, total: storedBytes(archive, 'image'), unit: 'bytes' }),
      })
      ids = checkedImageIds(input.file, summary)
    })
    for (const id of [...ids, input.imageId]) {
      if (!(await engine.images.inspect(id))) continue
      await engine.images.tag(id, layerOf(input.id, 'import'))
      return
    }
    throw archiveInvalid(input.file, 'image', 'The engine cannot find its image.')
  })
}

function checkedImageIds(file: string, { captured }: TarSummary): string[] {
  try {
    return imageIds(captured)
  } catch (error) {
    throw error instanceof TarRefused ? archiveInvalid(file, error.reason, error.message) : error
  }
}

/** Throws ARCHIVE_INVALID when the engine's machine is another. */
export function checkArchitecture(services: Pick<LifecycleServices, 'engine'>, file: string, { architecture }: ArchiveManifest): void {
  const here = architectureOf(services)
  if (architecture !== here) throw archiveInvalid(file, 'architecture', `It was created on ${architecture}, but this engine is ${here}.`)
}

async function withArchive(input: ImportInput, work: (archive: OpenArchive) => Promise<void>): Promise<void> {
  const archive = await openArchive(input.file)
  try {
    if (archive.digest !== input.digest) throw archiveInvalid(input.file, 'tampered', 'It changed during the import.')
    await work(archive)
  } finally {
    await archive.close()
  }
}

function storedBytes({ manifest }: OpenArchive, name: string): number | null {
  return manifest.parts.find((part) => part.name === name)?.storedBytes ?? null
}
