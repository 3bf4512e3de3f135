import { type Command, Option } from 'commander'
import { parseWhole } from '../../options/arguments'
import { examples, type Perform } from '../../options/command-tree'
import { configurationOptions } from '../../options/configuration-options'
import { constraintOption, placeOption } from '../../options/shared-options'
import type { GithubImportOptions } from './import-github'

/** Commands for repositories: a workspace for one of GitHub, and what lets a workspace read its own. */
export function addRepositories(program: Command, perform: Perform): void {
  const github = program
    .command('import-github')
    .description('make and start a workspace for a repository of GitHub, which is asked first')
    .argument('<repository>', 'OWNER/REPO, or an address of it or of a page of it')
    .option('--name <name>', 'of the workspace; like the repository’s, and free, if left out')
    .addOption(
      new Option('--pr <number>', 'number of a pull request, checked out instead of a branch').argParser(parseWhole).conflicts('branch'),
    )
    .addOption(placeOption())
    .addOption(constraintOption())
    .action((repository: string, options: GithubImportOptions) =>
      perform(async (context) => (await import('./import-github')).importGithub(context, repository, options)),
    )
  for (const option of configurationOptions('creation')) github.addOption(option)
  examples(
    github,
    [
      'berth import-github octocat/hello-world',
      'berth import-github octocat/hello-world --pr 17 --name review',
      'berth import-github owner/repo --branch develop',
    ],
    ['A private repository needs a token: berth settings set githubToken "$(gh auth token)". With --json: the workspace.'],
  )
  const repos = program
    .command('repos')
    .description('show the branch and the uncommitted changes of the repositories in a running workspace')
    .argument('<name>', 'name or id of a workspace')
    .action((name: string) => perform(async (context) => (await import('./repository-list')).listRepositories(context, name)))
  examples(
    repos,
    ['berth repos demo', 'berth repos demo --json'],
    ['As git sees them now; nothing is fetched. A repository that is not cloned yet is left out.'],
  )
  const credential = program
    .command('repo-credential')
    .description('give the user name and password that the repository of a workspace asks for, and clone it')
    .argument('<name>', 'name or id of a workspace')
    .argument('[user]', 'user name; the password or token is read from standard input')
    .option('--clear', 'forget the credential')
    .action((name: string, user: string | undefined, options: { clear?: boolean }) =>
      perform(async (context) => (await import('./repositories')).setCredential(context, name, user, options)),
    )
  examples(
    credential,
    ['berth repo-credential demo octocat', 'gh auth token | berth repo-credential demo octocat', 'berth repo-credential demo --clear'],
    ['It is kept encrypted. With --json: the workspace.'],
  )
  const trust = program
    .command('trust-host')
    .description('accept the key of the ssh server that the repository of a workspace is on, and clone it')
    .argument('<name>', 'name or id of a workspace')
    .argument('<fingerprint>', 'of the key, as the failed clone has shown it')
    .action((name: string, fingerprint: string) =>
      perform(async (context) => (await import('./repositories')).trustHost(context, name, fingerprint)),
    )
  examples(trust, ['berth trust-host demo SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'], ['With --json: the workspace.'])
}
