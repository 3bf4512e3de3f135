import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

describe('ssh by the name of a workspace', () => {
  let test: TestCore
  let userHome: string
  const name = uniqueName('ssh')
  beforeAll(async () => {
    userHome = await mkdtemp(join(tmpdir(), 'berth user-'))
    test = await createTestCore({}, { userHome })
    await done(test.core, test.core.workspaces.start({ name }))
    await mkdir(join(userHome, '.ssh'), { mode: 0o700 })
    await writeFile(join(userHome, '.ssh/config'), 'Host *\n  StrictHostKeyChecking yes\n  BatchMode yes\n')
    expect(await test.core.sshConfig.install()).toMatchObject({ installed: true })
  }, 60_000)
  afterAll(async () => {
    await test.dispose()
    await rm(userHome, { recursive: true })
  })

  const config = () => ['-F', join(userHome, '.ssh/config')]
  /** Anything that ssh says on its own, a warning or a question, is in `stderr`. */
  const ssh = (host: string, ...command: string[]) => run('ssh', [...config(), `${host}.berth`, ...command])
  const knownHosts = () => readFile(join(test.home, 'ssh/known_hosts'), 'utf8')

  it('works without a question or a warning, with keys checked strictly', async () => {
    expect(await ssh(name, 'whoami')).toEqual({ stdout: 'workspace\n', stderr: '' })
  })

  it('works for scp, both ways', async () => {
    const file = join(userHome, 'file')
    await writeFile(file, 'by scp')
    await run('scp', [...config(), '-q', file, `${name}.berth:copied`])
    expect(await inside(test.core, name, 'cat copied')).toBe('by scp')
    await run('scp', [...config(), '-q', `${name}.berth:copied`, `${file}.back`])
    expect(await readFile(`${file}.back`, 'utf8')).toBe('by scp')
  })

  it('works for rsync', async () => {
    const file = join(userHome, 'file')
    await writeFile(file, 'by rsync')
    // Berth's image has it; the machine that runs the tests need not.
    const container = await docker.createContainer({
      Image: LOCAL_IMAGE,
      Entrypoint: ['rsync', '-e', `ssh -F '${join(userHome, '.ssh/config')}'`, file, `${name}.berth:synced`],
      Cmd: [],
      HostConfig: {
        NetworkMode: 'host',
        Mounts: [test.home, userHome].map((folder) => ({ Type: 'bind', Source: folder, Target: folder, ReadOnly: true })),
      },
    })
    try {
      await container.start()
      const { StatusCode: code } = await container.wait()
      expect(String(await container.logs({ stdout: true, stderr: true }))).toBe('')
      expect(code).toBe(0)
    } finally {
      await container.remove({ force: true })
    }
    expect(await inside(test.core, name, 'cat synced')).toBe('by rsync')
  })

  it('knows a clone by a key of its own, and both by their names after a rename', async () => {
    const { core } = test
    const clone = uniqueName('clone')
    await done(core, core.copies.clone(name, { name: clone, stop: false, start: true }))
    expect(await ssh(clone, 'hostname')).toEqual({ stdout: `${clone}\n`, stderr: '' })
    const keys = (await knownHosts()).trim().split('\n')
    expect(keys.length).toBeGreaterThanOrEqual(4)
    expect(new Set(keys.map((line) => line.split(' ')[2])).size, 'no key twice').toBe(keys.length)

    const renamed = uniqueName('renamed')
    await core.workspaces.rename(clone, renamed)
    expect(await ssh(renamed, 'whoami')).toEqual({ stdout: 'workspace\n', stderr: '' })
    await expect(ssh(clone, 'whoami')).rejects.toThrow(/Could not resolve/)
    await done(core, core.workspaces.delete(renamed))
    await expect(ssh(renamed, 'whoami')).rejects.toThrow(/Could not resolve/)
    expect((await knownHosts()).trim().split('\n').length).toBe(keys.length / 2)
  })

  it('follows to another port, and to a recreated container', async () => {
    const { core } = test
    await done(core, core.workspaces.stop(name))
    const port = core.workspaces.get(name).ports.ssh ?? 0
    const squatter = createServer().listen(port, '127.0.0.1')
    await once(squatter, 'listening')
    try {
      await done(core, core.workspaces.start({ name }))
      expect(core.workspaces.get(name).ports.ssh).not.toBe(port)
      expect(await ssh(name, 'whoami')).toEqual({ stdout: 'workspace\n', stderr: '' })
    } finally {
      squatter.close()
    }
    await done(core, core.workspaces.stop(name))
    await docker.getContainer(`workspace-${name}`).remove()
    await done(core, core.workspaces.start({ name, recreate: true }))
    expect(await ssh(name, 'whoami')).toEqual({ stdout: 'workspace\n', stderr: '' })
  })

  it('reaches the right workspace whatever the user’s config says of all hosts, and many times at once', async () => {
    const { core } = test
    const other = uniqueName('other')
    await done(core, core.workspaces.start({ name: other }))
    const hostile = join(userHome, 'hostile')
    await writeFile(
      hostile,
      `Include "${core.info.sshConfigPath}"
Host *
  ControlMaster auto
  ControlPath ${userHome.replaceAll(' ', '_')}-%r@%h
  ControlPersist 30
  ProxyJump jump.invalid
  RemoteCommand false
  RequestTTY force
  User somebody
  Port 1
  IdentityFile /nowhere/key
  CertificateFile /nowhere/certificate
  GlobalKnownHostsFile /nowhere/known
  SendEnv LANG LC_*
  PasswordAuthentication yes
`,
    )
    const env = { ...process.env, LC_ALL: 'xx_YY.UTF-8' }
    const hostname = (host: string) => run('ssh', ['-F', hostile, `${host}.berth`, 'hostname'], { env })
    for (const host of [name, other, name]) expect((await hostname(host)).stdout).toBe(`${host}\n`)
    const answers = await Promise.all(Array.from({ length: 8 }, () => hostname(other)))
    expect(answers.map(({ stdout }) => stdout)).toEqual(Array(8).fill(`${other}\n`))

    // As “berth info” has it.
    const { stdout } = await run('ssh', ['-F', core.info.sshConfigPath, `${other}.berth`, 'hostname'])
    expect(stdout).toBe(`${other}\n`)
    await done(core, core.workspaces.delete(other))
  })

  it('refuses a workspace that shows another key than is known', async () => {
    await inside(
      test.core,
      name,
      'rm /etc/berth/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N "" -f /etc/berth/ssh/ssh_host_ed25519_key; ssh-keygen -q -t ecdsa -N "" -f /etc/berth/ssh/ssh_host_ecdsa_key; pkill -HUP -o sshd',
      'root',
    )
    await expect
      .poll(
        () =>
          ssh(name, 'whoami').then(
            () => 'let in',
            (error: unknown) => String(error),
          ),
        { timeout: 30_000 },
      )
      .toContain('REMOTE HOST IDENTIFICATION HAS CHANGED')
  })
})
