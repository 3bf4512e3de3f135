import { type Command, Option } from 'commander'
import { collect, parseDuration, parseLineCount, parsePattern, parseTime } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import { placeOption } from '../../options/shared-options'
import { FORMAT_NOTE } from '../../output/format/workspace-format'
import type { ListOptions } from '../../output/list-workspaces'
import type { EventOptions } from './events'
import { LOG_SOURCES } from './log-sources'
import type { LogsOptions } from './logs'
import type { ReportOptions } from './report'
import type { WaitOptions } from './wait'
import { WAITED_STATES } from './waited-states'

/** Commands that only look. */
export function addInspection(program: Command, perform: Perform): void {
  const list = program
    .command('list')
    .aliases(['ls', 'ps'])
    .description('list all workspaces, with templates listed separately')
    .option('--templates', 'templates only')
    .option('--format <format>', 'a line for each, with these fields of it, such as “{name} {status}”')
    .option('-w, --watch', 'show changes as they come, until Ctrl-C')
    .addOption(placeOption('only those on this engine, or placed by this Swarm; its name or id'))
    .action((options: ListOptions) =>
      perform(async (context) => (await import('../../output/list-workspaces')).listWorkspaces(context, options)),
    )
  examples(
    list,
    [
      'berth list',
      'berth list --quiet',
      'berth list --templates',
      'berth list --engine nas',
      "berth list --format '{name} {status} {port}'",
      'berth list --watch',
      'berth list --json',
    ],
    [
      FORMAT_NOTE,
      '--watch draws the list again on a terminal; elsewhere it writes a line for each workspace, and one for each change, with --json as JSON.',
      '--quiet and --format leave templates out; with --json each has “template”.',
    ],
  )
  const info = program
    .command('info')
    .description('show one workspace; without a name, Berth, its engines and the number of workspaces')
    .argument('[name]', 'name or id of a workspace')
    .action((name: string | undefined) => perform(async (context) => (await import('./info')).showInfo(context, name)))
  examples(info, ['berth info', 'berth info demo', 'berth info demo --json'])
  const env = program
    .command('env')
    .description('show the environment variables of a workspace, with masked values')
    .argument('<name>', 'name or id of a workspace')
    .option('--reveal', 'show the values')
    .addOption(new Option('--unset <variable>', 'remove a variable; may be repeated').argParser(collect).default([], 'none'))
    .action((name: string, options: { reveal?: boolean; unset: string[] }) =>
      perform(async (context) => (await import('./env')).showEnvironment(context, name, options)),
    )
  examples(
    env,
    ['berth env demo', 'berth env demo --reveal', 'berth env demo --unset API_KEY'],
    ['“berth configure NAME --env NAME=VALUE” sets variables.'],
  )
  const doctor = program
    .command('doctor')
    .description('check that everything that should exist on the engines does')
    .option('--repair', 'restore what can be restored without loss; nothing is removed')
    .addOption(new Option('--report [file]', 'write a problem report instead, as “berth report” does').conflicts('repair'))
    .action(({ report, ...options }: { repair?: boolean; report?: string | true }) =>
      report === undefined
        ? perform(async (context) => (await import('./doctor')).runDoctor(context, options))
        : perform(async (context) => {
            const output = report === true ? {} : { output: report }
            return (await import('./report')).writeReport(context, output)
          }),
    )
  examples(
    doctor,
    ['berth doctor', 'berth doctor --repair', 'berth doctor --json'],
    ['Without --repair nothing is changed. The exit code is 1 when something is wrong and not repaired.'],
  )
  const report = program
    .command('report')
    .description('print a problem report to fill in, with versions, engines, settings, findings and the end of the log')
    .option('-o, --output <file>', 'write it to this file')
    .option('-f, --force', 'replace an existing file')
    .action((options: ReportOptions) => perform(async (context) => (await import('./report')).writeReport(context, options)))
  examples(
    report,
    ['berth report', 'berth report -o problem.md'],
    ['It is Markdown. Known secrets are masked, but review it before you share it.', 'With --json: {file, report}.'],
  )
  const debug = program
    .command('debug')
    .description('print everything about a workspace as one JSON document, for a bug report')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string) => perform(async (context) => (await import('./debug')).printDebugReport(context, name)))
  examples(
    debug,
    ['berth debug demo', 'berth debug demo >report.json'],
    ['Known secrets are masked. Review it before you share it: programs may have printed others.'],
  )
  const stats = program
    .command('stats')
    .description('show what running workspaces use, live')
    .argument('[names...]', 'names or ids of workspaces; all running ones if left out')
    .option('--once', 'one sample of each, then end')
    .action((names: string[], options: { once?: boolean }) =>
      perform(async (context) => (await import('./stats')).showStats(context, names, options)),
    )
  examples(
    stats,
    ['berth stats', 'berth stats demo --once --json'],
    ['With --json: one JSON document a line, as they come; with --once an array.', 'Without a terminal: --once.'],
  )
  const top = program
    .command('top')
    .alias('processes')
    .description('list the processes in a running workspace; without a name, show live what each running workspace uses')
    .argument('[name]', 'name or id of a workspace')
    .option('--once', 'without a name: one sample of each, then end')
    .action((name: string | undefined, options: { once?: boolean }) =>
      name === undefined
        ? perform(async (context) => (await import('./top-all')).showAll(context, options))
        : perform(async (context) => (await import('./top')).showProcesses(context, name)),
    )
  examples(
    top,
    ['berth top', 'berth top demo', 'berth top --once --json'],
    ['Their numbers are those of the engine’s machine. Of a host workspace: what Berth started in it, and what that started.'],
  )
  const events = program
    .command('events')
    .description('print each change as a line, until Ctrl-C')
    .addOption(new Option('--workspace <name>', 'only changes of this workspace; ends when it is deleted'))
    .action((options: EventOptions) => perform(async (context) => (await import('./events')).showEvents(context, options)))
  examples(
    events,
    ['berth events', 'berth events --workspace demo', 'berth events --json | jq -c \'select(.type == "workspace")\''],
    ['With --json: an event of the HTTP API a line, with the time.'],
  )
  const wait = program
    .command('wait')
    .description('wait until a workspace has reached a state')
    .argument('<name>', 'name or id of a workspace')
    .addOption(new Option('--for <state>', 'what to wait for').choices(Object.keys(WAITED_STATES)).default('ready'))
    .addOption(new Option('--timeout <time>', 'give up after this long: 60s, 5m or 1h').argParser(parseDuration))
    .action((name: string, options: WaitOptions) => perform(async (context) => (await import('./wait')).waitFor(context, name, options)))
  examples(
    wait,
    ['berth wait demo', 'berth wait demo --for stopped --timeout 60s', 'berth wait demo --for deleted'],
    [
      'ready: started, and its scripts have run; running: commands and logins work.',
      'The exit code is 124 on timeout, and 1 if the workspace is deleted first or fails.',
      'With --json: the workspace as it is then.',
    ],
  )
  const initLog = program
    .command('init-log')
    .description('print the log of the init script of a workspace')
    .argument('<name>', 'name or id of a workspace')
    .option('-f, --follow', 'keep printing new lines')
    .action((name: string, options: { follow?: boolean }) =>
      perform(async (context) => (await import('./logs')).showLogs(context, name, { ...options, source: 'init' })),
    )
  examples(initLog, ['berth init-log demo', 'berth init-log demo --follow'], ['“berth logs NAME --source init” has more options.'])
  const logs = program
    .command('logs')
    .description('print a log of a workspace')
    .argument('<name>', 'name or id of a workspace')
    .option('-f, --follow', 'keep printing new lines')
    .addOption(
      new Option('-n, --tail <lines>', 'lines from the end (1000; all, with --since, --until or --grep)').argParser(parseLineCount),
    )
    .option('-t, --timestamps', 'put the time before each line')
    .addOption(
      new Option('--since <time>', 'only lines from then on: 10m, 2h, 1d ago, or a time as 2026-01-31T12:00:00Z').argParser(parseTime),
    )
    .addOption(new Option('--until <time>', 'only lines up to then').argParser(parseTime).conflicts('follow'))
    .addOption(new Option('--grep <pattern>', 'only lines that match this regular expression').argParser(parsePattern))
    .addOption(new Option('-s, --source <source>', 'which log (default: container; of a host workspace: build)').choices(LOG_SOURCES))
    .option('--sources', 'only list the available logs')
    .action((name: string, options: LogsOptions) => perform(async (context) => (await import('./logs')).showLogs(context, name, options)))
  examples(
    logs,
    ['berth logs demo -n 50', 'berth logs demo --follow --grep error', 'berth logs demo --source engine --since 10m'],
    [
      '--tail is applied before --since, --until and --grep.',
      'With --json: an array of lines; with --follow too: one JSON document a line, as they come.',
    ],
  )
}
