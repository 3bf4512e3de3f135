import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'
import type { RebuildOptions } from './rebuild'

/** Commands for the images that workspaces start from. */
export function addImages(program: Command, perform: Perform): void {
  const build = program
    .command('build')
    .description('build the workspace image berth:latest from the bundled Dockerfile')
    .option('--base <reference>', 'base image instead of the Dockerfile’s own')
    .option('--no-cache', 'build every layer anew')
    .action((options: { base?: string; cache: boolean }) =>
      perform(async (context) => (await import('./build')).buildImage(context, options)),
    )
  examples(build, ['berth build', 'berth build --base debian:13-slim --no-cache'])
  const rebuild = program
    .command('rebuild')
    .description('replace the container of a workspace with one from a newer or another image; its volumes and port stay')
    .argument('<name>', 'name or id of a workspace')
    .option('-i, --image <reference>', 'another image; left out, the newest of the one it has')
    .option('--reinstall', 'install the packages again that were installed by hand')
    .option('--no-snapshot', 'do not take an automatic snapshot first')
    .option('--dry-run', 'only say which image would be used, and which packages were installed by hand')
    .action((name: string, options: RebuildOptions) =>
      perform(async (context) => (await import('./rebuild')).rebuildWorkspace(context, name, options)),
    )
  examples(
    rebuild,
    ['berth rebuild demo', 'berth rebuild demo --image team/image:7 --reinstall', 'berth rebuild demo --dry-run --json'],
    ['If it does not start with the new image, it goes back to the container it had.', 'With --json: the workspace.'],
  )
}
