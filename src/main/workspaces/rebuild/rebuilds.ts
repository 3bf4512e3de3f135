import type { RebuildPreview } from '../../../shared/contract/workspaces'
import type { DistroId } from '../../../shared/distros'
import { assertOneImage, type ImageChoice } from '../../../shared/image-choice'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from '../base/lifecycle-services'
import { placedDefinition } from '../base/placed-definition'
import { isRunningOnEngine } from '../base/running-on-engine'
import type { StartedOperation } from '../base/started-operation'
import { identityOf, subjectOf } from '../base/workspace-input'
import { assertVolumes } from '../lifecycle/assert-whole'
import { hasInitScript } from '../lifecycle/configured-scripts'
import { sourceOf } from '../lifecycle/disk-copy'
import { newAutomaticSnapshot } from '../lifecycle/snapshots'
import type { CopyLimits } from '../usage/copy-limits'
import { handInstalledPackages, packagesUnknown } from './hand-installed'
import { rebuildDefinition } from './rebuild-steps'

/** The image to rebuild from; the one the workspace has when nothing is given. */
interface RebuildTarget {
  image?: string | undefined
  distro?: DistroId | undefined
}

interface RebuildOptions extends RebuildTarget {
  /** Take an automatic snapshot of the state before. */
  snapshot: boolean
  /** Also install packages that were installed by hand in the new container. */
  reinstall: boolean
}

/** New containers for workspaces, from another image or from a newer one of the same name. */
export interface Rebuilds {
  preview(reference: string, target: RebuildTarget, signal: AbortSignal): Promise<RebuildPreview>
  /**
   * Volumes, port and record stay. Throws LIMIT_REACHED if there is not enough space for the snapshot, WORKSPACE_INCOMPLETE if a volume is
   * gone, or its container and a snapshot is requested, PACKAGES_UNKNOWN if packages should be reinstalled but are unknown.
   */
  rebuild(reference: string, options: RebuildOptions): Promise<StartedOperation>
  definitions(): OperationDefinition<never>[]
}

export function createRebuilds(services: WorkspaceServices, operations: Operations, copyLimits: CopyLimits): Rebuilds {
  const { registry } = services
  const definition = placedDefinition(services, rebuildDefinition)
  const chosen = (record: WorkspaceRecord, { image, distro }: RebuildTarget): ImageChoice => {
    assertOneImage({ image, distro })
    const isChosen = image !== undefined || distro !== undefined
    return isChosen ? { image: image ?? null, distro: distro ?? null } : { image: record.image, distro: record.distro }
  }

  return {
    definitions: () => [definition] as unknown as OperationDefinition<never>[],
    async preview(reference, target, signal) {
      const record = registry.find(reference, 'rebuild')
      const here = services.at(record)
      await here.ready()
      const { reference: image, source } = await here.images.resolve(chosen(record, target))
      const { packages, unknown } = await handInstalledPackages(here, record, signal)
      return { image, source, packages: packages?.names ?? null, unknown }
    },
    async rebuild(reference, options) {
      const before = registry.find(reference, 'rebuild')
      await services.at(before).ready()
      const subject = subjectOf(before)
      const operation = await operations.begin(definition, subject, async () => {
        const record = registry.find(subject.workspaceId)
        const here = services.at(record)
        const { image, distro, init } = record
        await assertVolumes(here, record)
        if (options.snapshot) await copyLimits.snapshot(record)
        return {
          ...identityOf(record),
          next: chosen(record, options),
          previous: { image, distro, init },
          init: hasInitScript(here, record) ? { status: 'pending' as const } : init,
          wasRunning: await isRunningOnEngine(services, record),
          snapshot: options.snapshot
            ? { record: newAutomaticSnapshot(services, record, 'before-rebuild'), source: await sourceOf(here, record) }
            : null,
          packages: options.reinstall ? await packagesOf(record) : null,
        }
      })
      return { operation: operations.get(operation.id), workspace: registry.view(registry.find(subject.workspaceId)) }
    },
  }

  async function packagesOf(record: WorkspaceRecord) {
    const { packages, unknown } = await handInstalledPackages(services.at(record), record, new AbortController().signal)
    if (packages === null) throw packagesUnknown(record.name, unknown)
    return packages
  }
}
