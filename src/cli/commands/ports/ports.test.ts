import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('a port is forwarded, to another one on this machine if that is said, listed, and ended', async () => {
  expect(await run(['ports', 'add', 'demo', '3000'])).toMatchObject({ stdout: 'http://127.0.0.1:3000 leads to port 3000 of demo\n' })
  expect((await run(['ports', 'add', 'demo', '80:8080', '--json'])).json()).toMatchObject({ forward: { port: 80, localPort: 8080 } })
  expect((await run(['ports', 'demo'])).stdout).toMatch(/80 .*127\.0\.0\.1:8080\n/)
  expect(await run(['ports', 'list', 'demo', '--quiet'])).toMatchObject({ code: 0, stdout: '80\n3000\n' })
  expect(await run(['ports', 'remove', 'demo', '3000'])).toMatchObject({ stdout: 'Port 3000 of demo is not forwarded any more\n' })
  expect((await run(['ports', 'remove', 'demo', '3000', '--json'])).error()).toMatchObject({ code: 'PORT_NOT_FORWARDED' })
})

test('proxy takes the port of this machine first, as ssh does', async () => {
  const { stdout } = await run(['proxy', 'demo', '8080', '3000:80'])
  expect(stdout).toBe('http://127.0.0.1:8080 leads to port 8080 of demo\nhttp://127.0.0.1:3000 leads to port 80 of demo\n')
})

test.each(['0', '65536', 'web', '80:', '1:2:3'])('“%s” is no port', async (port) => {
  expect(await run(['ports', 'add', 'demo', port])).toMatchObject({ code: 2, stdout: '' })
  expect(fake.berth.calls).toEqual([])
})
