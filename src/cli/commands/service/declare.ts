import { type Command, Option } from 'commander'
import { parsePort } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import type { InstallOptions } from './service'

/** Commands for the service manager of the user: systemd on Linux, launchd on macOS. */
export function addService(program: Command, perform: Perform): void {
  const service = program.command('service').description('run Berth as a service of your user: systemd on Linux, launchd on macOS')
  const install = service
    .command('install')
    .description('write the service, start it, and start it at each login')
    .addOption(new Option('-p, --port <port>', 'port on 127.0.0.1 of the page and the API').argParser(parsePort))
    .option('--print', 'print the file, and write and start nothing')
    .action((options: InstallOptions) => perform(async (context) => (await import('./service')).installService(context, options)))
  examples(
    install,
    ['berth service install', 'berth service install --port 7437', 'berth service install --print'],
    [
      'Linux: ~/.config/systemd/user/berth.service. macOS: ~/Library/LaunchAgents/dev.berth.service.plist. A file that something else wrote or that',
      'was changed since is left alone. BERTH_HOME, PATH and the variables that choose the Docker engine are kept as they are now.',
    ],
  )
  const uninstall = service
    .command('uninstall')
    .description('stop the service and remove its file; workspaces keep running')
    .action(() => perform(async (context) => (await import('./service')).uninstallService(context)))
  examples(uninstall, ['berth service uninstall'])
  const status = service
    .command('status')
    .description('whether it is installed and running')
    .action(() => perform(async (context) => (await import('./service')).showService(context)))
  examples(status, ['berth service status', 'berth service status --json'])
}
