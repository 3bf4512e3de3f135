import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { createTestCore, docker, done, inside, leftOnEngine, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

describe('a workspace on a real engine', () => {
  let test: TestCore
  beforeAll(async () => {
    test = await createTestCore()
  })
  afterAll(() => test.dispose())

  it('is created, worked in, stopped, started and deleted, and keeps what is in it', async () => {
    const { core } = test
    const name = uniqueName('life')
    // Somebody else's, with names as near as can be: these must be left alone.
    const neighbours = [`workspace-${name}x`, `workspace-${name}-dockerx`]
    for (const neighbour of neighbours) await docker.createVolume({ Name: neighbour })

    await done(core, core.workspaces.start({ name, env: { GREETING: 'hello world' } }))
    const created = core.workspaces.get(name)
    expect(created).toMatchObject({ status: 'running', containerName: `workspace-${name}`, image: LOCAL_IMAGE })
    expect(created.ports.ssh).toBe(core.settings.get().sshPorts.from)

    await inside(core, name, 'echo kept > ~/file')
    expect(await inside(core, name, 'echo "$GREETING"')).toBe('hello world')
    await inside(core, name, 'tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1')
    expect(await inside(core, name, 'docker run --rm tiny:1 /bin/echo nested')).toBe('nested')
    const ssh = await run('ssh', [
      ...['-p', String(created.ports.ssh), '-i', core.info.sshKeyPath, '-o', 'StrictHostKeyChecking=no'],
      ...['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', 'workspace@127.0.0.1', 'whoami; echo "$GREETING"'],
    ])
    expect(ssh.stdout).toBe('workspace\nhello world\n')

    await done(core, core.workspaces.stop(name))
    expect(core.workspaces.get(name).status).toBe('stopped')
    await done(core, core.workspaces.start({ name }))
    expect(await inside(core, name, 'cat ~/file')).toBe('kept')
    expect(await inside(core, name, 'docker image ls -q tiny:1')).not.toBe('')
    expect(core.workspaces.get(name).ports.ssh).toBe(created.ports.ssh)

    await done(core, core.workspaces.delete(name))
    expect((await leftOnEngine(name)).sort()).toEqual([...neighbours].sort())
    for (const neighbour of neighbours) await docker.getVolume(neighbour).remove()
    expect(core.workspaces.list().map((workspace) => workspace.name)).not.toContain(name)
  })
})
