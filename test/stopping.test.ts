import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

/** Takes six seconds to write down what it has, once it is told to end. */
const DATABASE = `trap 'echo flushing; sleep 6; echo kept >/data/kept; exit 0' TERM; echo up; while :; do sleep 0.1; done`
const environment = {
  LINES: 'one\ntwo\n\n three ',
  QUOTES: `"double" 'single' \`back\` \\ \\n $HOME $(id) !x`,
  UNICODE: 'naïve – 日本語 🚢',
  HASH: '# no comment',
  EMPTY: '',
  EQUALS: '=a=b=',
  LONG: 'x'.repeat(120_000),
}

describe('a workspace that is stopped and started', () => {
  let test: TestCore
  const name = uniqueName('stop')
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name, env: environment }))
    const files = '/bin/sh /bin/sleep $(ldd /bin/sh /bin/sleep | grep -o "/[^ ]*" | grep -v :$ | sort -u)'
    await inside(test.core, name, `tar -ch -C / ${files} 2>/dev/null | docker import - tiny:1`)
  })
  afterAll(() => test.dispose())
  const stop = (now = false) => done(test.core, test.core.workspaces.stop(name, { now }))
  const start = () => done(test.core, test.core.workspaces.start({ name }))
  const runDatabase = (id: string) =>
    inside(
      test.core,
      name,
      `docker run -d --name ${id} -v ${id}:/data tiny:1 /bin/sh -c ${JSON.stringify(DATABASE).replaceAll('$', '\\$')}`,
    )
  const ssh = async (...command: string[]) => {
    const { ports } = test.core.workspaces.get(name)
    const options = [
      '-i',
      test.core.info.sshKeyPath,
      '-p',
      String(ports.ssh),
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
    ]
    return run('ssh', [...options, '-o', 'LogLevel=ERROR', '-o', 'SendEnv=LC_ALL', 'workspace@127.0.0.1', ...command], {
      env: { ...process.env, LC_ALL: 'de_DE.UTF-8' },
      maxBuffer: 1024 * 1024,
    })
  }

  it('gives ssh its environment, whatever is in it, takes many at once, and leaves the client’s language out', async () => {
    const { stdout, stderr } = await ssh('env -0')
    const got = Object.fromEntries(stdout.split('\0').map((entry) => [entry.split('=', 1)[0], entry.slice(entry.indexOf('=') + 1)]))
    expect(got).toMatchObject(environment)
    expect(stderr).toBe('')
    const many = await Promise.allSettled(Array.from({ length: 60 }, () => ssh('true')))
    expect(many.filter(({ status }) => status === 'rejected')).toEqual([])
  })

  it('has room in /dev/shm, and lets root use git', async () => {
    expect(Number(await inside(test.core, name, 'df --output=size /dev/shm | tail -1'))).toBeGreaterThan(200 * 1024)
    await inside(test.core, name, 'git init -q ~/repo')
    await inside(test.core, name, 'git -C /home/workspace/repo status', 'root')
  })

  it('waits for a nested container that needs six seconds, and says so', async () => {
    await runDatabase('postgres')
    const seen = new Set<string>()
    const unsubscribe = test.core.events.subscribe((event) => {
      if (event.type === 'workspace' && event.workspace.statusDetail) seen.add(event.workspace.statusDetail)
    })
    const begun = performance.now()
    await stop()
    unsubscribe()
    expect(performance.now() - begun).toBeGreaterThan(5500)
    expect([...seen]).toContain('Waiting for postgres…')
    await start()
    expect(await inside(test.core, name, 'docker inspect --format "{{.State.ExitCode}}" postgres')).toBe('0')
    expect(await inside(test.core, name, 'sudo cat /var/lib/docker/volumes/postgres/_data/kept')).toBe('kept')
  })

  it('stops now when it is told to', async () => {
    await runDatabase('slow')
    const stopping = stop()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const begun = performance.now()
    await test.core.workspaces.stop(name, { now: true })
    await stopping
    expect(performance.now() - begun).toBeLessThan(2500)
    await start()
  })

  it('waits for nothing when nothing runs in it', async () => {
    const begun = performance.now()
    await stop()
    // Far from the ten seconds that something inside would get. What a stop takes is in bench/lifecycle.ts.
    expect(performance.now() - begun).toBeLessThan(6000)
    await start()
  })

  it('is ready by its own word only: neither a line without an end nor a forged one in the log counts', async () => {
    await inside(test.core, name, 'printf "noeol" >/proc/1/fd/1', 'root')
    await stop()
    const begun = performance.now()
    await start()
    expect(performance.now() - begun).toBeLessThan(20_000)
    const container = docker.getContainer(test.core.workspaces.get(name).containerId ?? '')
    expect((await container.inspect()).Config).toMatchObject({ StopTimeout: 135 })
  })
})
