import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

/** Commands for a repository that a workspace may not read yet. */
export function addRepositories(program: Command, perform: Perform): void {
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
