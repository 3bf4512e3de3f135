import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { runCommand } from '../src/main/engine/run-command'
import { AGENT_SOCKET } from '../src/main/ports/agent-link'
import { openWindow } from './support/session-window'
import { connectEngine } from './support/test-container'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

/** A real ssh-agent of this machine, which holds a fresh key. */
async function startAgent() {
  const folder = await mkdtemp(join(tmpdir(), 'berth-agent-'))
  const [socket, key] = [join(folder, 'socket'), join(folder, 'key')]
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  // It says where it listens once it does.
  await once(agent.stdout, 'data')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'of-the-test', '-f', key])
  await run('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
  return {
    folder,
    socket,
    publicKey: (await readFile(`${key}.pub`, 'utf8')).trim(),
    async close() {
      agent.kill()
      await rm(folder, { recursive: true })
    },
  }
}

describe('the ssh agent of this machine', () => {
  const name = uniqueName('agent')
  const before = process.env.SSH_AUTH_SOCK
  let agent: Awaited<ReturnType<typeof startAgent>>
  let test: TestCore
  let engine: Engine
  const start = (options = {}) => done(test.core, test.core.workspaces.start({ name, ...options }))
  /** Past Berth, so that it is no use of the agent. */
  const lookInside = async (line: string) => {
    const containerId = test.core.workspaces.get(name).containerId ?? ''
    const command = ['bash', '-c', line]
    const { stdout } = await runCommand(engine.exec, { containerId, user: 'workspace', command, maxBytes: 10_000, timeoutMs: 45_000 })
    return stdout.trim()
  }

  beforeAll(async () => {
    agent = await startAgent()
    process.env.SSH_AUTH_SOCK = agent.socket
    ;[test, engine] = await Promise.all([createTestCore({ sshAgent: 'off' }), connectEngine()])
    // The server is the workspace's own.
    await expect(start({ clone: 'workspace@127.0.0.1:served.git' })).rejects.toMatchObject({ code: 'REPO_HOST_UNKNOWN' })
  })
  afterAll(async () => {
    engine.close()
    await test.dispose()
    if (before === undefined) delete process.env.SSH_AUTH_SOCK
    else process.env.SSH_AUTH_SOCK = before
    await agent.close()
  })

  it('stays out when it is off', async () => {
    expect(await inside(test.core, name, 'echo "[$SSH_AUTH_SOCK]"; ls -A /run/berth/agent')).toBe('[]')
    expect(await lookInside('stat -c "%a %U" /run/berth/agent')).toBe('700 workspace')
  })

  it('lets a repository be cloned by ssh', async () => {
    await inside(
      test.core,
      name,
      `mkdir -p -m 700 ~/.ssh && echo '${agent.publicKey}' >> ~/.ssh/authorized_keys && awk '{ print "127.0.0.1", $1, $2 }' /etc/berth/ssh/*.pub > ~/.ssh/known_hosts
       git init -q ~/work && git -C ~/work -c user.name=T -c user.email=t@example.com commit -q --allow-empty -m Begin && git clone -q --bare ~/work ~/served.git`,
    )
    await expect(start()).rejects.toMatchObject({ code: 'REPO_ACCESS_DENIED', data: { method: 'key' } })
    test.core.settings.update({ sshAgent: 'auto' })
    await start()
    expect(test.core.workspaces.get(name)).toMatchObject({ repoState: 'cloned', problem: null })
  })

  it('is there for commands, for one that begins at once too', async () => {
    test.core.settings.update({ sshAgent: 'off' })
    expect(await lookInside(`while [ -e ${AGENT_SOCKET} ]; do sleep 0.1; done; echo gone`)).toBe('gone')
    test.core.settings.update({ sshAgent: 'on' })
    expect(await inside(test.core, name, 'ssh-add -l && git -C ~/repo fetch')).toContain('of-the-test')
    expect(await inside(test.core, name, 'ssh-add -l', 'root')).toContain('of-the-test')
    expect(
      await test.core.workspaces.exec(name, {
        command: ['sh', '-c', 'echo $SSH_AUTH_SOCK'],
        user: 'workspace',
        env: { SSH_AUTH_SOCK: '/mine' },
      }),
    ).toMatchObject({ stdout: '/mine\n' })
  })

  it('is there for what a start clones and runs', async () => {
    const postStart = join(agent.folder, 'post-start.sh')
    await writeFile(postStart, 'ssh-add -l >/tmp/at-start')
    await test.core.workspaces.update(name, { initScript: 'ssh-add -l >/tmp/at-init' })
    await done(test.core, test.core.workspaces.rerunInit(name))
    test.core.settings.update({ postStart: [postStart] })
    await inside(test.core, name, 'rm -rf ~/repo')
    await done(test.core, test.core.workspaces.restart(name))
    expect(await lookInside('ls -d ~/repo && cat /tmp/at-init /tmp/at-start')).toMatch(/repo\n.*of-the-test.*\n.*of-the-test/)
  })

  it('is there in terminals, is linked again, and goes a while after the last has ended', async () => {
    const window = openWindow()
    const size = { cols: 120, rows: 24 }
    const { id } = await test.core.terminals.open({ workspace: name, tty: true, ephemeral: false, start: false, ...size })
    test.core.attachStream(id, window.channel)
    window.type('ssh-add -l\n')
    await expect.poll(window.tail, { timeout: 10_000 }).toContain('of-the-test')
    const target = await lookInside(`readlink ${AGENT_SOCKET}`)
    await inside(test.core, name, 'pkill -f "^sshd[^ ]*: workspace@notty"', 'root')
    expect(await lookInside(`until [ -S ${AGENT_SOCKET} ]; do sleep 0.1; done; readlink ${AGENT_SOCKET}`)).not.toBe(target)
    window.type('clear; ssh-add -l\n')
    await expect.poll(window.tail, { timeout: 10_000 }).toContain('of-the-test')
    await test.core.terminals.close(id)
    expect(await lookInside(`[ -e ${AGENT_SOCKET} ] && echo there`)).toBe('there')
    expect(await lookInside(`while [ -L ${AGENT_SOCKET} ]; do sleep 0.1; done; echo gone`)).toBe('gone')
  })
})
