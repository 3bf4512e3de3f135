import { z } from 'zod'

/** A repository in a workspace, as git describes it when it is asked. */
export const repositoryStatusSchema = z.object({
  path: z.string().describe('Path inside the workspace.'),
  branch: z.string().nullable().describe('Branch that is checked out; null for a detached commit.'),
  commit: z.string().nullable().describe('Commit that is checked out; null before the first commit.'),
  upstream: z.string().nullable().describe('Upstream branch, such as origin/main; null for none.'),
  ahead: z.number().int().nonnegative().nullable().describe('Commits that the upstream does not have; null if unknown.'),
  behind: z.number().int().nonnegative().nullable().describe('Commits that only the upstream has, as of the last fetch; null if unknown.'),
  changedFiles: z.number().int().nonnegative().describe('Changed, added and deleted files that are not committed.'),
})
export type RepositoryStatus = z.infer<typeof repositoryStatusSchema>
