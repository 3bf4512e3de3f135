import { z } from 'zod'
import { MAX_FURTHER_REPOS } from './further-repos'

/** The repositories of a new workspace, as doors and files of the library give them. */
export const creationRepos = {
  clone: z
    .string()
    .max(4096)
    .optional()
    .describe(
      'A git URL, the address of a repository’s page, OWNER/REPO for GitHub, or an absolute path on the machine that runs Berth; cloned into /home/workspace/repo when the workspace is created.',
    ),
  alsoClone: z
    .array(z.string().max(4096))
    .max(MAX_FURTHER_REPOS)
    .optional()
    .describe(
      'Further repositories in the same form as `clone`, with “#BRANCH” for a branch; each gets its own folder in the home folder.',
    ),
}
