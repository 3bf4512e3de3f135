import { z } from 'zod'

/** A repository in a workspace, as git describes it when it is asked. */
export const repositoryStatusSchema = z.object({
  path: z.string().describe('Where it is, as programs in the workspace see it.'),
  branch: z.string().nullable().describe('What is checked out; null where that is a commit.'),
  commit: z.string().nullable().describe('The commit that is checked out; null before the first.'),
  upstream: z.string().nullable().describe('The branch that it follows, such as origin/main; null for none.'),
  ahead: z.number().int().nonnegative().nullable().describe('Commits that the upstream does not have; null where that is not known.'),
  behind: z
    .number()
    .int()
    .nonnegative()
    .nullable()
    .describe('Commits that only the upstream has, as of the last fetch; null where that is not known.'),
  changedFiles: z.number().int().nonnegative().describe('Files that were changed, added or deleted and are not committed.'),
})
export type RepositoryStatus = z.infer<typeof repositoryStatusSchema>
