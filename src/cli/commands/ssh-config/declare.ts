import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

/** Commands for reaching workspaces with ssh by their name. */
export function addSshConfig(program: Command, perform: Perform): void {
  const ssh = program.command('ssh-config').description('reach workspaces as NAME.berth with ssh, scp, rsync and editors')
  const notes = ['One Include line at the top of ~/.ssh/config; what the file was is kept beside it as config.before-berth.']
  const install = ssh
    .command('install')
    .description('put one Include line at the top of your ssh config')
    .action(() => perform(async (context) => (await import('./ssh-config')).installSshConfig(context)))
  examples(install, ['berth ssh-config install && ssh demo.berth'], notes)
  const uninstall = ssh
    .command('uninstall')
    .description('take that line out again')
    .action(() => perform(async (context) => (await import('./ssh-config')).uninstallSshConfig(context)))
  examples(uninstall, ['berth ssh-config uninstall'])
  const status = ssh
    .command('status')
    .description('whether it is there, and which files are meant')
    .action(() => perform(async (context) => (await import('./ssh-config')).showSshConfig(context)))
  examples(status, ['berth ssh-config status', 'berth ssh-config status --json'])
  const print = ssh
    .command('print')
    .description('print the hosts, for a config that you keep yourself')
    .action(() => perform(async (context) => (await import('./ssh-config')).printSshConfig(context)))
  examples(print, ['berth ssh-config print'])
}
