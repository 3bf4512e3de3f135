import { z } from 'zod'
import { MAX_FURTHER_REPOS } from './further-repos'

/** The repositories of a new workspace, as doors and files of the library give them. */
export const creationRepos = {
  clone: z
    .string()
    .max(4096)
    .optional()
    .describe(
      'A git URL, the address of a page of it, OWNER/REPO of GitHub, or an absolute path on the machine that Berth runs on; cloned into /home/workspace/repo on first creation.',
    ),
  alsoClone: z
    .array(z.string().max(4096))
    .max(MAX_FURTHER_REPOS)
    .optional()
    .describe(
      'Further repositories, given as `clone` is, each with its branch behind “#”; each gets a folder of its own in the home folder.',
    ),
}
