import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['api', 'demo'])
const { run } = fake

test('what came of a sync is printed, by place and kind', async () => {
  expect(await run(['sync', 'demo'])).toMatchObject({
    code: 0,
    stdout: 'demo: 1 sent, 1 removed, 3 unchanged, 1 changed inside\n  + ~/.gitconfig\n  - ~/.npmrc\n  ! ~/.vimrc\n',
  })
  expect(fake.berth.calls).toEqual(['sync demo force=false'])
})

test('all that run are synced, and several give an array', async () => {
  const reports = (await run(['sync', '--all', '--force', '--json'])).json()
  expect(reports).toMatchObject([
    { workspace: 'api', sent: { count: 1, paths: ['/home/workspace/.gitconfig'] } },
    { workspace: 'demo', unchanged: 3 },
  ])
  expect(fake.berth.calls).toEqual(['sync api force=true', 'sync demo force=true'])
})

test('either names or --all are needed', async () => {
  expect(await run(['sync'])).toMatchObject({ code: 2 })
  expect(await run(['sync', 'demo', '--all'])).toMatchObject({ code: 2 })
  expect(fake.berth.calls).toEqual([])
})
