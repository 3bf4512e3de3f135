import type { Command } from 'commander'
import { examples, type Perform } from '../../options/command-tree'

/** Copies between this machine and workspaces. */
export function addFiles(program: Command, perform: Perform): void {
  const copying = program
    .command('cp')
    .description('copy files and folders into a workspace, out of it, or from one to another')
    .argument('<from>', 'a path, NAME:PATH in a workspace, or - for standard input')
    .argument('<to>', 'a path, NAME:PATH in a workspace, or - for standard output')
    .action((from: string, to: string) => perform(async (context) => (await import('./cp')).copyFiles(context, from, to)))
  examples(
    copying,
    [
      'berth cp notes.txt demo:                      # into the home folder',
      'berth cp src demo:repo/src                    # becomes repo/src, or goes into it if that folder exists',
      'berth cp src/. demo:repo/src                  # what is in src, merged into repo/src',
      'berth cp demo:repo/dist ./dist',
      'berth cp demo:.bashrc other:',
      'pg_dump shop | berth cp - demo:shop.sql',
      'berth cp demo:/var/log/dpkg.log - | tail',
      'tar -c a b | berth cp - demo:repo/            # to a folder: a tar is unpacked into it',
    ],
    [
      'Paths in a workspace start from its home folder unless they begin with a slash. Folders are copied with all that is in them.',
      'If the target is a folder that exists, the source goes into it; else the source becomes the target, whose folder must exist.',
      'Modes and times stay as they are; in a workspace, what is copied belongs to the user “workspace”. Files that exist are replaced.',
      'A link that is named is followed; links inside a folder are copied as links. Links that lead out of the folder are not made on this machine.',
      'Into a stopped workspace only its home folder can be copied. With --json: {source, target, files, bytes, skipped}.',
    ],
  )
}
