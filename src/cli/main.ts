import { type Command, CommanderError } from 'commander'
import { type CliError, usageError } from './cli-error'
import type { CliHost, GlobalOptions } from './context'
import { EXIT } from './exit-codes'
import { reportFailure, toFailure } from './failure'
import type { Perform } from './options/command-tree'
import { buildProgram } from './program'

/** Runs `berth` with these arguments and returns its exit code. All it prints is handed to the streams when this returns. */
export async function main(argv: readonly string[], host: CliHost, version: string): Promise<number> {
  let exitCode: number = EXIT.ok
  const options = () => readOptions(program, argv, host)
  // What Berth starts for a command is to do without colour, too.
  const environment = () => (ownFlags(argv).includes('--no-color') ? { ...host.env, NO_COLOR: '1' } : host.env)
  const perform: Perform = async (command) => {
    const code = await command({ ...host, env: environment(), options: options(), version })
    if (typeof code === 'number') exitCode = code
  }
  const program = buildProgram(version, perform)
  quietCommander(program, host)
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok
    const failure = await toFailure(error instanceof CommanderError ? usageFailure(error, argv) : error)
    if (failure.code === 'INTERNAL' && options().verbose && error instanceof Error) host.stderr.write(`${error.stack}\n`)
    reportFailure({ ...host, env: environment(), options: options() }, failure)
    return failure.exitCode === EXIT.failure && runsInside(argv) ? EXIT.noCommandCode : failure.exitCode
  }
}

/** Commander throws instead of exiting, and leaves the telling of errors to us. */
function quietCommander(command: Command, host: CliHost): void {
  command.exitOverride()
  command.configureOutput({
    writeOut: (text) => host.stdout.write(text),
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => Math.min(host.stdout.columns ?? 100, 120),
  })
  for (const child of command.commands) quietCommander(child, host)
}

/** Read from the arguments themselves: a usage error comes before commander has read them all. */
function readOptions(program: Command, argv: readonly string[], host: CliHost): GlobalOptions {
  const { json, quiet, verbose, autostart } = program.opts<Partial<GlobalOptions>>()
  return {
    json: json === true || ownFlags(argv).includes('--json'),
    quiet: quiet === true,
    verbose: verbose === true,
    autostart: autostart !== false && host.env.BERTH_AUTOSTART !== '0',
  }
}

/** What stands before the command that is to run in a workspace. */
function ownFlags(argv: readonly string[]): readonly string[] {
  const separator = argv.indexOf('--')
  return separator === -1 ? argv : argv.slice(0, separator)
}

function usageFailure(error: CommanderError, argv: readonly string[]): CliError {
  const message = error.message.replace(/^error: /, '')
  const command = argv.find((argument) => !argument.startsWith('-'))
  if (error.code === 'commander.unknownCommand' || command === undefined) return usageError(message, 'See “berth --help”.')
  if (error.code === 'commander.help') return usageError('A command is missing.', `See “berth ${command} --help”.`)
  const hints = [`See “berth ${command} --help”.`]
  if (error.code === 'commander.unknownOption' && command === 'exec') hints.unshift('Put -- before the command to run.')
  if (error.code === 'commander.unknownOption' && (command === 'start' || command === 'create')) {
    hints.unshift('A name must start with a letter or a digit.')
  }
  return usageError(message, hints.join(' '))
}

/** Commands whose exit code is that of what they run, so that a failure of Berth's needs one of its own. */
function runsInside(argv: readonly string[]): boolean {
  const command = argv.find((argument) => !argument.startsWith('-'))
  return command === 'exec' || command === 'shell' || command === 'ssh'
}
