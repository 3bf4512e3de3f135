import type { DistroId } from '../../../shared/distros'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printJson, remark } from '../../output/output'
import { printWorkspace } from '../../output/print-workspace'

export interface RebuildOptions {
  image?: string
  distro?: DistroId
  snapshot: boolean
  reinstall?: boolean
  dryRun?: boolean
}

/** Tells first which packages somebody has installed by hand: they are not in the new image. */
export async function rebuildWorkspace(context: CliContext, name: string, options: RebuildOptions): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const target = {
      workspace: name,
      ...(options.image === undefined ? {} : { image: options.image }),
      ...(options.distro === undefined ? {} : { distro: options.distro }),
    }
    const preview = await client.workspaces.rebuildPreview(target)
    if (options.dryRun && context.options.json) return printJson(context, preview)
    remark(context, `${name} is rebuilt from ${preview.image}.`)
    remark(context, describePackages(preview, options.reinstall === true))
    if (options.dryRun) return
    const input = { ...target, snapshot: options.snapshot, reinstall: options.reinstall === true }
    await runOperation(context, client, async () => (await client.workspaces.rebuild(input)).operation)
    printWorkspace(context, await client.workspaces.get({ workspace: name }))
  })
}

function describePackages({ packages, unknown }: { packages: string[] | null; unknown: string | null }, reinstall: boolean): string {
  if (packages === null) return `Packages that were installed by hand cannot be listed. ${unknown}`
  if (packages.length === 0) return 'No packages were installed by hand: it has those of its present image.'
  const fate = reinstall ? 'They are installed again' : 'They are left behind; --reinstall installs them again'
  return `Installed by hand (not in its present image): ${packages.join(', ')}. ${fate}.`
}
