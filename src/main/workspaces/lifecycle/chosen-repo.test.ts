import { expect, test } from 'vitest'
import { readRepo } from '../../../shared/repo-url'
import { importedFurtherRepos } from '../../provisioning/repo-credential'
import { chooseFurtherRepos } from './chosen-repo'

const first = readRepo('https://host/owner/shop.git')

test('each further repository has its own branch and folder', async () => {
  expect(await chooseFurtherRepos(first, ['https://host/owner/api.git#develop', 'https://other/owner/api/tree/main'])).toEqual({
    furtherRepos: [
      { url: 'https://host/owner/api.git', branch: 'develop', folder: 'api' },
      { url: 'https://other/owner/api.git', branch: 'main', folder: 'api-2' },
    ],
    credential: null,
  })
})

test('a password in the URL of a further one is kept when it is for the server of the first, and refused otherwise', async () => {
  const { furtherRepos, credential } = await chooseFurtherRepos(first, ['https://me:secret@host/owner/api.git'])
  expect(JSON.stringify(furtherRepos)).not.toContain('secret')
  expect(credential).toEqual({ username: 'me', password: 'secret' })
  const refused = { code: 'INPUT_INVALID', message: expect.not.stringContaining('secret') }
  await expect(chooseFurtherRepos(first, ['https://me:secret@other/owner/api.git'])).rejects.toMatchObject(refused)
  const withOwn = readRepo('https://you:own@host/owner/shop.git')
  await expect(chooseFurtherRepos(withOwn, ['https://me:secret@host/owner/api.git'])).rejects.toMatchObject(refused)
})

test('without a first one there can be no further ones', async () => {
  await expect(chooseFurtherRepos(null, ['owner/api'])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

test('from an archive come neither passwords nor folders of this machine', () => {
  const repos = [
    { url: 'https://me:secret@host/a/b.git', branch: null, folder: 'b' },
    { url: '/home/me/private', branch: null, folder: 'private' },
  ]
  expect(importedFurtherRepos(repos)).toEqual([{ url: 'https://host/a/b.git', branch: null, folder: 'b' }])
})
