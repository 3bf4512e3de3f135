import { isAbsolute, normalize } from 'node:path'
import { BerthError } from '../../../shared/errors'
import type { Limits } from '../../../shared/limits'
import type { Operation } from '../../../shared/operation'
import { importedConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { Engine } from '../../engine/engine'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import { givenRepo, importedFurtherRepos } from '../../provisioning/repo-credential'
import type { WorkspaceRecord } from '../../settings/records'
import type { ArchiveManifest } from '../../storage/archive/archive-manifest'
import { openArchive } from '../../storage/archive/archive-read'
import { checkTarget } from '../../storage/archive/archive-write'
import type { WorkspaceServices } from '../base/lifecycle-services'
import type { NameReservations } from '../base/name-reservations'
import { newRecord } from '../base/new-record'
import { placedDefinition } from '../base/placed-definition'
import type { ChosenPlace } from '../base/places'
import { newWorkspaceId } from '../base/workspace-id'
import { identityOf, subjectOf, type WorkspaceInput } from '../base/workspace-input'
import { sourceOf } from '../lifecycle/disk-copy'
import type { CopyLimits } from '../usage/copy-limits'
import { exportDefinition } from './export'
import { checkArchitecture, importDefinition } from './import'

/** Whole workspaces as files of the machine that Berth runs on. */
export interface Archives {
  /** Without `withSecrets`, variables and credentials are left out. Throws FILE_EXISTS unless `overwrite`, FILE_UNUSABLE. `file` is an absolute path. */
  export(
    reference: string,
    options: { file: string; overwrite: boolean; withSecrets?: boolean },
  ): Promise<{ operation: Operation; file: string }>
  /**
   * Answers at once; the workspace is in the list when the file has been checked. Throws ARCHIVE_INVALID for what the beginning
   * of the file tells, NAME_INVALID, NAME_TAKEN, LIMIT_REACHED.
   */
  import(options: {
    file: string
    name?: string | undefined
    engine?: string | undefined
    constraints?: string[] | undefined
    start: boolean
  }): Promise<{ operation: Operation }>
  definitions(): OperationDefinition<never>[]
}

export function createArchives(
  services: WorkspaceServices,
  operations: Operations,
  nameReservations: NameReservations,
  copyLimits: CopyLimits,
  version: string,
): Archives {
  const { registry } = services
  const exporting = placedDefinition(services, (here) => exportDefinition(here, version))
  const importing = placedDefinition(services, (here) => importDefinition(here, nameReservations.onReserved))
  /** Two must not write the same file. */
  const beingWritten = new Set<string>()

  async function recordFrom(
    { workspace }: ArchiveManifest,
    { id, name, place }: WorkspaceInput,
    { limits, placement }: Pick<WorkspaceRecord, 'limits' | 'placement'>,
  ): Promise<WorkspaceRecord> {
    return newRecord(services.at({ place }), {
      id,
      place,
      ...(placement ? { placement } : {}),
      name,
      ...importedConfiguration({ ...workspace, limits }, services.secrets.seal),
      ...givenRepo(services.secrets, workspace.repo),
      furtherRepos: importedFurtherRepos(workspace.furtherRepos),
      repoState: workspace.repoState,
      storage: services.at({ place }).newStorage(),
    })
  }

  /** An engine refuses a container that may use more processors than it has. */
  function limitsHere(engine: Engine, limits: Limits): { limits: Limits; remarks: string[] } {
    const state = engine.state()
    if (limits.cpus === null || state.status !== 'connected' || limits.cpus <= state.cpus) return { limits, remarks: [] }
    return {
      limits: { ...limits, cpus: null },
      remarks: [`Its limit of ${limits.cpus} processors was dropped: this engine has only ${state.cpus}.`],
    }
  }

  return {
    definitions: () => [exporting, importing] as unknown as OperationDefinition<never>[],
    async export(reference, { file: given, overwrite, withSecrets = false }) {
      const file = absolute(given)
      await services.at(registry.find(reference, 'export')).ready()
      if (beingWritten.has(file)) throw beingExported(file)
      beingWritten.add(file)
      try {
        await checkTarget(file, overwrite)
        const subject = subjectOf(registry.find(reference))
        const operation = await operations.begin(exporting, subject, async () => {
          const record = registry.find(subject.workspaceId)
          const source = await sourceOf(services.at(record), record)
          return { ...identityOf(record), exportId: newWorkspaceId(), file, overwrite, withSecrets, source }
        })
        void operations.whenEnded(operation.id).then(() => beingWritten.delete(file))
        return { operation, file }
      } catch (error) {
        beingWritten.delete(file)
        throw error
      }
    },
    async import({ file: given, name: givenName, engine: on, constraints, start }) {
      const file = absolute(given)
      const archive = await openArchive(file)
      await archive.close()
      const { digest, manifest } = archive
      const [id, name] = [newWorkspaceId(), givenName ?? manifest.workspace.name]
      const begin = ({ place: { id: place, engine }, placement }: ChosenPlace) => {
        checkArchitecture({ engine }, file, manifest)
        const subject = { place, id, name }
        return nameReservations.reserveEarly(importing, subject, async () => {
          const { limits, remarks } = limitsHere(engine, manifest.workspace.limits)
          const record = await recordFrom(manifest, subject, { limits, placement })
          await copyLimits.import(
            record,
            manifest.parts.reduce((total, { bytes }) => total + bytes, 0),
          )
          const { imageId } = manifest
          const hadImage = (await engine.images.inspect(imageId)) !== null
          return {
            ...subject,
            record,
            file,
            digest,
            imageId,
            hadImage,
            start,
            remarks: [...remarks, ...notInFile(manifest.workspace.leftOut)],
          }
        })
      }
      const { limits } = manifest.workspace
      return nameReservations.withNameUntilReserved(name, () =>
        services.places.choose({ id, name, limits, engine: on, constraints }, async (choice) => {
          await choice.place.ready()
          return begin(choice)
        }),
      )
    },
  }
}

function notInFile(leftOut: string[]): string[] {
  if (leftOut.length === 0) return []
  return [`The file does not contain these secrets: ${leftOut.join(', ')}. Set them with “berth configure” or on the page.`]
}

function absolute(file: string): string {
  if (isAbsolute(file)) return normalize(file)
  throw new BerthError('INPUT_INVALID', `“${file}” is not an absolute path.`, {
    issues: [{ path: 'file', message: 'It is not an absolute path.' }],
    next: 'Enter a full path on the machine that runs Berth.',
  })
}

function beingExported(file: string): BerthError {
  return new BerthError('FILE_EXISTS', `Another export is writing ${file}.`, {
    file,
    next: 'Wait until it has ended, or choose another name.',
  })
}
