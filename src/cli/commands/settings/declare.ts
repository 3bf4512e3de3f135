import { Argument, type Command } from 'commander'
import { SETTING_KEYS } from '../../../shared/settings/settings-table'
import { examples, type Perform } from '../../options/command-tree'
import { settingLines } from './setting-forms'

/** Commands for the settings, made from their table. */
export function addSettings(program: Command, perform: Perform): void {
  const settings = program.command('settings').description('show and change settings')
  const key = (flags: string) => new Argument(flags, 'name of a setting').choices(SETTING_KEYS)
  const get = settings
    .command('get')
    .description('print all settings, or one')
    .addArgument(key('[key]'))
    .option('--reveal', 'with “env”: show the values')
    .action((name: string | undefined, options: { reveal?: boolean }) =>
      perform(async (context) => (await import('./settings')).getSettings(context, name, options)),
    )
  examples(get, ['berth settings get', 'berth settings get sshPorts', 'berth settings get env --reveal'])
  const set = settings
    .command('set')
    .description('change one setting')
    .addArgument(key('<key>'))
    .argument('<values...>', 'its value; a list takes several')
    .action((name: string, values: string[]) => perform(async (context) => (await import('./settings')).setSetting(context, name, values)))
  examples(
    set,
    ['berth settings set sshPorts 2200-2300', 'berth settings set image default', 'berth settings set env EDITOR=vim LANG=C.UTF-8'],
    ['Settings:', ...settingLines(), '', "“default” leaves a setting to Berth; “default” or '' empties a list."],
  )
}
