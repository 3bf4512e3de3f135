import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

/** The command for dev containers: what repositories describe in a `devcontainer.json`. */
export function addDevcontainers(program: Command, perform: Perform): void {
  const devcontainer = program.command('devcontainer').description('the dev container that the repository of a workspace describes')
  const status = devcontainer
    .command('status')
    .description('show its state, the configurations in the repository, and whether one has changed since it was built')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string) => perform(async (context) => (await import('./devcontainers')).showDevcontainer(context, name)))
  examples(status, ['berth devcontainer status demo', 'berth devcontainer status demo --json'])
  const up = devcontainer
    .command('up')
    .description('build it if needed and start it; new terminals and commands run inside it')
    .argument('<name>', 'name or id of a workspace')
    .option('--config <path>', 'which configuration, below the repository; kept for next time')
    .action((name: string, options: { config?: string }) =>
      perform(async (context) => (await import('./devcontainers')).openDevcontainer(context, name, 'up', options)),
    )
  examples(
    up,
    ['berth devcontainer up demo', 'berth devcontainer up demo --config .devcontainer/python/devcontainer.json'],
    ['It comes up again with its workspace until it is stopped. Its log: berth logs NAME --source devcontainer.'],
  )
  const rebuild = devcontainer
    .command('rebuild')
    .description('remove it and build it from its current configuration; the repository is not touched')
    .argument('<name>', 'name or id of a workspace')
    .option('--config <path>', 'which configuration, below the repository; kept for next time')
    .action((name: string, options: { config?: string }) =>
      perform(async (context) => (await import('./devcontainers')).openDevcontainer(context, name, 'rebuild', options)),
    )
  examples(rebuild, ['berth devcontainer rebuild demo'], ['Changes in it outside the repository and its volumes are lost.'])
  const stop = devcontainer
    .command('stop')
    .description('stop it; new terminals and commands run in the workspace itself')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string) => perform(async (context) => (await import('./devcontainers')).stopDevcontainer(context, name)))
  examples(stop, ['berth devcontainer stop demo'])
}
