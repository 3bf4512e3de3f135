import { Argument, type Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'
import { SETTING_KEYS } from './setting-keys'

/** Commands for the settings. */
export function addSettings(program: Command, perform: Perform): void {
  const settings = program.command('settings').description('show and change settings')
  const key = (flags: string) => new Argument(flags, SETTING_KEYS.join(', ')).choices(SETTING_KEYS)
  const get = settings
    .command('get')
    .description('print all settings, or one')
    .addArgument(key('[key]'))
    .action((name: string | undefined) => perform(async (context) => (await import('./settings')).getSettings(context, name)))
  examples(get, ['berth settings get', 'berth settings get sshPorts'])
  const set = settings
    .command('set')
    .description('change one setting')
    .addArgument(key('<key>'))
    .argument('<values...>', 'its value; for env NAME=VALUE as often as needed')
    .action((name: string, values: string[]) => perform(async (context) => (await import('./settings')).setSetting(context, name, values)))
  examples(
    set,
    ['berth settings set sshPorts 2200-2300', 'berth settings set image default', 'berth settings set env EDITOR=vim LANG=C.UTF-8'],
    ["“default” leaves engineEndpoint, image and terminalFontFamily to Berth; an empty value ('') empties env."],
  )
}
