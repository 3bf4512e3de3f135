import { Argument, type Command } from 'commander'
import { SIZE_NOTE } from '../../../shared/byte-size'
import { examples, type Perform } from '../../options/command-tree'
import { settingLines } from './setting-forms'
import { SETTING_PATHS } from './setting-path'

/** Commands for the settings, made from their table. */
export function addSettings(program: Command, perform: Perform): void {
  const settings = program.command('settings').description('show and change settings')
  // Completed, but checked by the command: variables have names of their own.
  const key = (flags: string) =>
    new Argument(flags, 'name of a setting, or NAME.FIELD').choices(SETTING_PATHS).argParser((name: string) => name)
  const list = settings
    .command('list', { isDefault: true })
    .description('list the settings, their values and what was changed')
    .argument('[words...]', 'only those with these words in name, title or description')
    .option('--changed', 'only those that differ from their defaults')
    .action((words: string[], options: { changed?: boolean }) =>
      perform(async (context) => (await import('./settings')).listSettings(context, words, options)),
    )
  examples(list, ['berth settings', 'berth settings list terminal', 'berth settings list --changed'])
  const get = settings
    .command('get')
    .description('print all settings, or one')
    .addArgument(key('[key]'))
    .option('--reveal', 'with “env”: show the values')
    .action((name: string | undefined, options: { reveal?: boolean }) =>
      perform(async (context) => (await import('./settings')).getSettings(context, name, options)),
    )
  examples(get, ['berth settings get', 'berth settings get sshPorts.from', 'berth settings get env --reveal'])
  const set = settings
    .command('set')
    .description('change one setting')
    .addArgument(key('<key>'))
    .argument('<values...>', 'its value; a list takes several')
    .action((name: string, values: string[]) => perform(async (context) => (await import('./settings')).setSetting(context, name, values)))
  examples(
    set,
    ['berth settings set sshPorts 2200-2300', 'berth settings set sshPorts.to 2500', 'berth settings set env.EDITOR vim'],
    ['Settings:', ...settingLines(), '', "“default” leaves a setting to Berth; “default” or '' empties a list.", SIZE_NOTE],
  )
  const reset = settings
    .command('reset')
    .description('put settings back to their defaults')
    .argument('<names...>', 'names of settings, or NAME.FIELD')
    .action((names: string[]) => perform(async (context) => (await import('./settings')).resetSettings(context, names)))
  examples(reset, ['berth settings reset terminalFontSize', 'berth settings reset env.EDITOR'])
}
