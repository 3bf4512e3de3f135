import { expect, test } from 'vitest'
import { foldersFor, furtherRepoSchema } from './further-repos'

test('each is in a folder that is called as the repository, and no two are in the same', () => {
  const urls = [
    'https://host/owner/api.git',
    'git@host:web.git',
    '/home/me/work/api/',
    'https://host/other/repo',
    'https://host/a/..',
    'ssh://host/ü',
  ]
  const folders = foldersFor(urls)
  expect(folders).toEqual(['api', 'web', 'api-2', 'repo-2', 'repository', 'repository-2'])
  for (const folder of folders) expect(furtherRepoSchema.shape.folder.safeParse(folder).success).toBe(true)
})

test.each(['..', '.ssh', 'a/b', '-rf', '', 'a\nb'])('“%s” is refused as a folder: archives come from elsewhere', (folder) => {
  expect(furtherRepoSchema.safeParse({ url: 'https://host/a/b.git', branch: null, folder }).success).toBe(false)
})
