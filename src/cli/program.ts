import { Command } from 'commander'
import { addArchives } from './commands/archives/declare'
import { addBerth } from './commands/berth/declare'
import { addCopies } from './commands/copies/declare'
import { addDevcontainers } from './commands/devcontainers/declare'
import { addEngines } from './commands/engines/declare'
import { addSwarms } from './commands/engines/declare-swarms'
import { addFiles } from './commands/files/declare'
import { addImages } from './commands/images/declare'
import { addInside } from './commands/inside/declare'
import { addInspection } from './commands/inspection/declare'
import { addLibrary } from './commands/library/declare'
import { addLifecycle } from './commands/lifecycle/declare'
import { addLimit } from './commands/limits/declare'
import { addOperations } from './commands/operations/declare'
import { addPorts } from './commands/ports/declare'
import { addRepositories } from './commands/repositories/declare'
import { addService } from './commands/service/declare'
import { addSettings } from './commands/settings/declare'
import { addSshConfig } from './commands/ssh-config/declare'
import { addStorage } from './commands/storage/declare'
import { addSync } from './commands/sync/declare'
import { examples, type Perform } from './options/command-tree'

/**
 * The tree of commands. Each loads its code when it runs, so that none pays for another's. Must stay free of side effects:
 * completion and tests build it only to look at it.
 */
export function buildProgram(version: string, perform: Perform): Command {
  const program = new Command('berth')
    .description('Isolated, persistent development workspaces on your own Docker engine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print one JSON document on stdout and nothing else; errors as JSON on stderr')
    .option('-q, --quiet', 'print names only, and no progress')
    .option('--verbose', 'tell each step on stderr')
    .option('--no-color', 'print without colours (also: NO_COLOR=1; FORCE_COLOR=1 keeps them in a pipe)')
    .option('--no-autostart', 'fail instead of starting Berth in the background (also: BERTH_AUTOSTART=0)')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError(true)
  addLifecycle(program, perform)
  addRepositories(program, perform)
  addDevcontainers(program, perform)
  const templates = addCopies(program, perform)
  addLibrary(program, perform, templates)
  addArchives(program, perform)
  addStorage(program, perform)
  addLimit(program, perform)
  addInspection(program, perform)
  addInside(program, perform)
  addFiles(program, perform)
  addSync(program, perform)
  addPorts(program, perform)
  addSshConfig(program, perform)
  addOperations(program, perform)
  addImages(program, perform)
  addEngines(program, perform)
  addSwarms(program, perform)
  addBerth(program, perform)
  addService(program, perform)
  addSettings(program, perform)
  examples(program, ['berth start demo --clone https://github.com/owner/repo.git', 'berth shell demo', 'berth list'])
  return program
}
