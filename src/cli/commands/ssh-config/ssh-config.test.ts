import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('ssh-config says which file gets which line, and whether it is there', async () => {
  expect((await run(['ssh-config', 'status'])).stdout).toMatch(/does not work yet.*\/u\/\.ssh\/config\n {2}Include \/b\/ssh\/config\n$/)
  expect((await run(['ssh-config', 'install'])).stdout).toMatch(/works/)
  expect((await run(['ssh-config', 'status', '--json'])).json()).toMatchObject({ installed: true })
  expect((await run(['ssh-config', 'uninstall', '--json'])).json()).toMatchObject({ installed: false })
  expect(await run(['ssh-config', 'print'])).toMatchObject({ code: 0, stdout: 'Host demo.berth\n' })
})

test('an editor is given the workspace by its name in ssh’s config, once that is there', async () => {
  expect((await run(['open', 'demo', '--editor', 'vscode', '--json'])).error()).toMatchObject({ code: 'SSH_CONFIG_NOT_INSTALLED' })
  const link = 'vscode://vscode-remote/ssh-remote+demo.berth/home/workspace'
  expect(await run(['open', 'demo', '--editor', 'vscode', '--print'])).toMatchObject({ code: 0, stdout: `${link}\n` })
  await run(['ssh-config', 'install'])
  expect((await run(['open', 'demo', '--editor', 'cursor', '--json'])).json()).toMatchObject({ url: link.replace('vscode', 'cursor') })
  expect((await run(['open', '--editor', 'gateway', '--json'])).code).toBe(2)
})
