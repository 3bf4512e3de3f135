import { type Command, Option } from 'commander'
import { DISTROS } from '../../../shared/distros'
import { examples, type Perform } from '../../options/command-tree'
import { type EngineOption, engineOption } from '../../options/shared-options'
import type { BuildOptions } from './build'
import type { RemovalOptions } from './images'
import type { RebuildOptions } from './rebuild'

/** Commands for the images that workspaces start from. */
export function addImages(program: Command, perform: Perform): void {
  const build = program
    .command('build')
    .description('build an image for workspaces: Berth’s own, or one from a folder of yours')
    .option('--base', 'only what Berth itself needs')
    .addOption(distroOption('the distribution; Debian 13 if left out'))
    .option('--from <reference>', 'image to build on, instead of the one that Berth’s Dockerfile names')
    .addOption(new Option('-f, --file <path>', 'a Dockerfile of yours').conflicts(['base', 'distro', 'from']))
    .addOption(
      new Option('--context <folder>', 'the folder it is built from; that of the Dockerfile if left out').conflicts([
        'base',
        'distro',
        'from',
      ]),
    )
    .option('-t, --tag <reference>', 'name of the image; required with --file or --context')
    .option('--no-cache', 'build every layer again')
    .addOption(engineOption())
    .action((options: BuildOptions) => perform(async (context) => (await import('./build')).buildImage(context, options)))
  examples(
    build,
    [
      'berth build',
      'berth build --distro debian-bookworm --base',
      'berth build --from debian:13-slim --no-cache',
      'berth build --context . --tag team/workspace:1',
    ],
    ['A Dockerfile of yours starts from an image of Berth, such as berth:latest. .dockerignore says what of the folder is left out.'],
  )
  const images = program
    .command('images')
    .description('list the images that workspaces are made from, with their size, age and use')
    .addOption(engineOption())
    .action((options: EngineOption) => perform(async (context) => (await import('./images')).listImages(context, options)))
  examples(images, ['berth images', 'berth images --engine nas', 'berth images --json'])
  const remove = images
    .command('remove')
    .description('remove an image of Berth that nothing uses')
    .argument('<image>', 'its name or id, from the list')
    .option('-y, --yes', 'do not ask')
    // “berth images” has it, takes it from wherever it stands, and shows it in the help.
    .addOption(engineOption().hideHelp())
    .action((image: string, _own: RemovalOptions, command: Command) =>
      perform(async (context) => (await import('./images')).removeImage(context, image, command.optsWithGlobals<RemovalOptions>())),
    )
  examples(remove, ['berth images remove berth:debian-bookworm --yes'], ['Without a terminal, --yes is required.'])
  const log = images
    .command('log')
    .description('print the log of the last build')
    .action(() => perform(async (context) => (await import('./images')).showBuildLog(context)))
  examples(log, ['berth images log'])
  const rebuild = program
    .command('rebuild')
    .description('recreate the container of a workspace from a newer or different image; its volumes and port stay')
    .argument('<name>', 'name or id of a workspace')
    .addOption(new Option('-i, --image <reference>', 'another image; left out, the newest of the one it has').conflicts('distro'))
    .addOption(distroOption('Berth’s image of that distribution; built if it is not there'))
    .option('--reinstall', 'reinstall the packages that you installed yourself')
    .option('--no-snapshot', 'do not take an automatic snapshot first')
    .option('--dry-run', 'only show which image would be used, and which packages you installed yourself')
    .action((name: string, options: RebuildOptions) =>
      perform(async (context) => (await import('./rebuild')).rebuildWorkspace(context, name, options)),
    )
  examples(
    rebuild,
    [
      'berth rebuild demo',
      'berth rebuild demo --image team/image:7 --reinstall',
      'berth rebuild demo --distro debian-bookworm',
      'berth rebuild demo --dry-run --json',
    ],
    ['If it does not start with the new image, its old container is restored.', 'With --json: the workspace.'],
  )
}

function distroOption(help: string): Option {
  return new Option('--distro <id>', help).choices(DISTROS.map(({ id }) => id))
}
