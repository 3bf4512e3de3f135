import { buffer, text } from 'node:stream/consumers'
import { expect, it, vi } from 'vitest'
import type { LogOptions } from '../../src/main/engine/containers'
import type { ExecOptions } from '../../src/main/engine/exec'
import { nameOf, type RealOnly, refused, runContainer, type Subject, specOf } from './subject'

export function programCases(get: () => Subject, realOnly: RealOnly): void {
  const containers = () => get().engine.containers
  const start = (containerId: string, script: string, options: Partial<ExecOptions> = {}) =>
    get().engine.exec.start({ containerId, command: ['sh', '-c', script], user: 'root', tty: false, stdin: false, ...options })
  const run = async (containerId: string, script: string, options: Partial<ExecOptions> = {}) => {
    const exec = await start(containerId, script, options)
    const [stdout, stderr] = await Promise.all([text(exec.stdout), text(exec.stderr)])
    return { stdout, stderr, exitCode: await exec.exitCode() }
  }

  it('end with their exit code, with stdout and stderr apart', async () => {
    const id = await runContainer(get())
    expect(await run(id, 'echo out; echo err >&2; exit 3')).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 })
    expect((await run(id, 'kill -KILL $$')).exitCode).toBe(137)
    expect((await run(id, 'exit 0')).exitCode).toBe(0)
  })

  realOnly('its programs have no surroundings', 'run in the folder, with the variables and as the user that are asked for', async () => {
    const id = await runContainer(get())
    const options = { cwd: '/etc', environment: { OWN: 'a b' }, user: 'nobody' }
    expect((await run(id, 'echo $PWD $OWN $KEPT $(id -un)', options)).stdout).toBe('/etc a b yes nobody\n')
  })

  it('of which there is none end with 126 or 127', async () => {
    const id = await runContainer(get())
    const exec = await start(id, '', { command: ['/no/such/program'] })
    exec.stdout.resume()
    exec.stderr.resume()
    expect([126, 127]).toContain(await exec.exitCode())
  })

  it('get their input to its end, byte for byte', async () => {
    const id = await runContainer(get())
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256))
    const exec = await start(id, 'cat', { stdin: true })
    exec.stdin?.end(bytes)
    expect((await buffer(exec.stdout)).equals(bytes)).toBe(true)
    expect(await exec.exitCode()).toBe(0)
  })

  realOnly('it has no terminals', 'have a terminal of the size that is set', async () => {
    const id = await runContainer(get())
    const exec = await start(id, 'read line; stty size', { tty: true, stdin: true })
    await exec.resize(93, 17)
    exec.stdin?.write('\n')
    expect(await text(exec.stdout)).toContain('17 93')
    expect(await exec.exitCode()).toBe(0)
  })

  it('end with their container, and cannot begin in one that does not run', async () => {
    const id = await runContainer(get())
    const exec = await start(id, 'echo ready; sleep 1000')
    await vi.waitFor(() => expect(exec.stdout.readableLength).toBeGreaterThan(0), 10_000)
    const ended = Promise.all([text(exec.stdout), exec.exitCode()])
    await containers().stop(id, 0)
    expect(await ended).toEqual(['ready\n', 137])
    await expect(start(id, 'exit 0')).rejects.toMatchObject(refused(409))
    await expect(start(nameOf(get(), 'none'), 'exit 0')).rejects.toMatchObject(refused(404))
  })

  const linesOf = async (id: string, options: Partial<LogOptions> = {}) => {
    const lines = []
    const { signal } = new AbortController()
    for await (const line of containers().logs(id, { follow: false, tail: 'all', signal, ...options })) lines.push(line)
    return lines
  }
  const exited = (id: string) => vi.waitFor(async () => expect((await containers().inspect(id))?.state).toBe('exited'), 10_000)

  it('leave a log in its order, which tail, since and until cut', async () => {
    const script = 'echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three; sleep 0.1; exit 0'
    const id = await runContainer(get(), { entrypoint: ['sh', '-c', script] })
    await exited(id)
    const lines = await linesOf(id)
    expect(lines.map(({ stream, text: line }) => [stream, line])).toEqual([
      ['stdout', 'one'],
      ['stderr', 'two'],
      ['stdout', 'three'],
    ])
    const texts = async (options: Partial<LogOptions>) => (await linesOf(id, options)).map((line) => line.text)
    expect(await texts({ tail: 1 })).toEqual(['three'])
    expect(await texts({ tail: 0 })).toEqual([])
    const second = lines[1]?.time ?? ''
    const after = `${Math.floor(Date.parse(second) / 1000)}.${/\.(\d+)Z/.exec(second)?.[1]?.padEnd(9, '0')}`
    expect(await texts({ since: after })).toEqual(['two', 'three'])
    expect(await texts({ until: after })).toEqual(['one', 'two'])
  })

  it('a log that is followed ends with its container, and has all runs', async () => {
    const id = await containers().create(specOf(get(), { entrypoint: ['sh', '-c', 'echo run; sleep 0.3; echo end'] }))
    expect(await linesOf(id)).toEqual([])
    await containers().start(id)
    expect((await linesOf(id, { follow: true })).map((line) => line.text)).toEqual(['run', 'end'])
    await exited(id)
    await containers().start(id)
    await exited(id)
    expect((await linesOf(id)).map((line) => line.text)).toEqual(['run', 'end', 'run', 'end'])
    await expect(linesOf(nameOf(get(), 'none'))).rejects.toMatchObject(refused(404))
  })

  it('files are written and read, whether or not the container runs; one that is missing is null', async () => {
    const id = await containers().create(specOf(get()))
    const { signal } = new AbortController()
    const read = async (path: string) => {
      const file = await containers().readFile(id, path, signal)
      return file && String(await buffer(file))
    }
    await containers().putFiles(id, [{ path: '/deep/er/file', content: 'ü', mode: 0o600, uid: 7, gid: 8 }])
    expect(await read('/deep/er/file')).toBe('ü')
    expect(await containers().fileSize(id, '/deep/er/file')).toBe(2)
    expect(await read('/none')).toBeNull()
    expect(await containers().fileSize(id, '/none')).toBeNull()
    await containers().start(id)
    expect((await run(id, 'cat /deep/er/file')).stdout).toBe('ü')
    expect(await read('/deep/er/file')).toBe('ü')
  })

  realOnly('nothing there uses anything', 'what a container uses is counted while it runs', async () => {
    const id = await runContainer(get())
    const watching = new AbortController()
    for await (const counters of containers().watchCounters(id, watching.signal)) {
      expect(counters).toBeTypeOf('object')
      watching.abort()
    }
    expect(watching.signal.aborted).toBe(true)
  })

  realOnly('what runs there is no list', 'what runs in a container is listed, and refused for one that does not run', async () => {
    const id = await runContainer(get())
    const [first, ...others] = await containers().processes(id)
    expect(first).toMatchObject({ pid: expect.any(Number), parentPid: expect.any(Number), command: expect.stringContaining('sleep') })
    expect(first?.memoryBytes).toBeGreaterThan(0)
    expect(first?.age).toBeLessThan(60)
    expect(others.every(({ command }) => command !== '')).toBe(true)
    await containers().kill(id)
    await expect(containers().processes(id)).rejects.toMatchObject(refused(409))
  })

  it('a helper takes input, answers, ends with its code, and lets go of its volumes', async () => {
    const volume = nameOf(get(), 'v')
    await get().engine.volumes.create(volume, get().labels)
    const helper = await get().engine.helpers.start({
      image: get().image,
      labels: get().labels,
      command: ['sh', '-c', 'cat; echo done >&2; exit 5'],
      capabilities: [],
      volumes: [{ name: volume, path: '/data', readOnly: false }],
    })
    helper.stdin.end('input')
    expect(await Promise.all([text(helper.stdout), text(helper.stderr), helper.exitCode()])).toEqual(['input', 'done\n', 5])
    expect(await containers().inspect(helper.id)).toBeNull()
    await get().engine.volumes.remove(volume)
  })

  it('a helper that is killed is gone with its hold on volumes', async () => {
    const volume = nameOf(get(), 'v')
    await get().engine.volumes.create(volume, get().labels)
    const helper = await get().engine.helpers.start({
      image: get().image,
      labels: get().labels,
      command: ['sleep', '1000'],
      capabilities: [],
      volumes: [{ name: volume, path: '/data', readOnly: true }],
    })
    await helper.kill()
    await helper.kill()
    await get().engine.volumes.remove(volume)
    expect(await containers().inspect(helper.id)).toBeNull()
  })
}
