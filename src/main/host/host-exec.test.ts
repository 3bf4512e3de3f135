import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { hostExec } from './host-exec'

const start = (command: string[], options: { tty?: boolean; stdin?: boolean; environment?: Record<string, string | null> } = {}) =>
  hostExec.start({ containerId: 'host', user: 'workspace', tty: false, stdin: false, command, ...options })

describe('a command on this machine', () => {
  it('can be read after it has ended, and in whatever time that takes', async () => {
    const command = await start(['sh', '-c', 'echo out; echo err >&2; exit 4'])
    expect(await command.exitCode()).toBe(4)
    await setTimeout(50)
    expect(await Promise.all([text(command.stdout), text(command.stderr)])).toEqual(['out\n', 'err\n'])
    const large = await start(['sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" x'])
    await setTimeout(100)
    expect((await text(large.stdout)).length).toBe(300_000)
    expect(await large.exitCode()).toBe(0)
  })

  it('takes its input, and an end of it', async () => {
    const command = await start(['cat'], { stdin: true })
    command.stdin?.end('given')
    expect(await text(command.stdout)).toBe('given')
  })

  it('has the given variables, and not the removed ones', async () => {
    process.env.BERTH_TEST_INHERITED = 'here'
    const environment = { BERTH_TEST_GIVEN: 'yes', BERTH_TEST_INHERITED: null }
    const command = await start(['sh', '-c', 'echo $BERTH_TEST_GIVEN-$BERTH_TEST_INHERITED'], { environment })
    delete process.env.BERTH_TEST_INHERITED
    expect(await text(command.stdout)).toBe('yes-\n')
  })

  it('that a signal ends has the code of a shell, and one that is not there is refused', async () => {
    expect(await (await start(['sh', '-c', 'kill -KILL $$'])).exitCode()).toBe(137)
    await expect(start(['no-such-program'])).rejects.toMatchObject({ code: 'EXEC_FAILED' })
  })

  it('runs on a terminal where it is to', async () => {
    const command = await start(['sh', '-c', 'test -t 0 && echo terminal'], { tty: true, stdin: true })
    expect(await text(command.stdout)).toContain('terminal')
    expect(await command.exitCode()).toBe(0)
  })
})
