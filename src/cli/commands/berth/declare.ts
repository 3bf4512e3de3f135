import { Argument, type Command, Option } from 'commander'
import { COMPLETED_KINDS, type CompletedKind } from '../../completion/completed-names'
import { parsePort } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'

/** Commands for Berth itself. */
export function addBerth(program: Command, perform: Perform): void {
  const serve = program
    .command('serve')
    .description('serve the browser page and the API in the foreground')
    .addOption(new Option('-p, --port <port>', 'port on 127.0.0.1').argParser(parsePort))
    .action((options: { port?: number }) => perform(async (context) => (await import('./serve')).serve(context, options)))
  examples(serve, ['berth serve', 'berth serve --port 8080'])
  const quit = program
    .command('quit')
    .description('stop the running Berth; workspaces keep running')
    .action(() => perform(async (context) => (await import('./quit')).quitBerth(context)))
  examples(quit, ['berth quit'])
  const completion = program
    .command('completion')
    .description('print a completion script for your shell')
    .addArgument(new Argument('<shell>', 'whose script').choices(['bash', 'zsh', 'fish']))
    .action((shell: 'bash' | 'zsh' | 'fish') =>
      perform(async (context) => (await import('./print-completion')).printCompletion(context, program, shell)),
    )
  examples(completion, [
    'source <(berth completion bash)',
    `berth completion zsh > "\${fpath[1]}/_berth"`,
    'berth completion fish > ~/.config/fish/completions/berth.fish',
  ])
  const man = program
    .command('man')
    .description('print the manual page of berth, with all its commands')
    .action(() => perform(async (context) => (await import('./print-man')).printManPage(context, program)))
  examples(man, ['berth man | man -l -', 'berth man > ~/.local/share/man/man1/berth.1'])
  const version = program
    .command('version')
    .description('print the version, as --version')
    .action(() => perform(async (context) => (await import('./version')).printVersion(context, program.version() ?? '')))
  examples(version, ['berth version', 'berth version --json'])
  program
    .command('__complete', { hidden: true })
    .description('names of workspaces, templates, engines or the snapshots of a workspace, for completion')
    .addArgument(new Argument('[what]').choices(COMPLETED_KINDS).default('workspace'))
    .argument('[workspace]')
    .action((what: CompletedKind, workspace: string | undefined) =>
      perform(async (context) => (await import('./complete')).completeNames(context, what, workspace)),
    )
}
