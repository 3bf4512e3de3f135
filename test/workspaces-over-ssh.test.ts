import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { longIt } from './support/long'
import { linkNetwork, type NetworkLink } from './support/network-link'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { haveSshServer, type SshAgent, type SshServer, startSshAgent, startSshServer } from './support/ssh-machine'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

const run = promisify(execFile)

/** Answers each connection with a word, on the workspace's loopback. */
const SERVER = `use Socket; socket(my $server, PF_INET, SOCK_STREAM, 0); bind($server, sockaddr_in(8123, INADDR_LOOPBACK)) or die; listen($server, 5);
while (accept(my $client, $server)) { sysread($client, $_, 4096); syswrite($client, "HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\nfar"); close $client }`

describe.skipIf(!haveSshServer)('workspaces on an engine that is reached by ssh', () => {
  let folder: string
  let second: SecondEngine
  let network: NetworkLink
  let agent: SshAgent
  let server: SshServer
  let api: Server | undefined
  let test: TestCore
  const name = uniqueName('far')
  const core = () => test.core
  const agentBefore = process.env.SSH_AUTH_SOCK

  beforeAll(async () => {
    folder = await mkdtemp('/tmp/bw-')
    second = await startSecondEngine({ image: helperImage })
    agent = await startSshAgent(folder)
    process.env.SSH_AUTH_SOCK = agent.socket
    const authorizedKeys = join(folder, 'authorized_keys')
    await writeFile(authorizedKeys, agent.publicKey)
    network = await linkNetwork(second.pid())
    const there = ([program = '', ...args]: string[], output: number) =>
      spawn('nsenter', [`--target=${second.pid()}`, '--net', program, ...args], { stdio: ['ignore', output, output] })
    server = await startSshServer(join(folder, 'server'), { address: network.address, authorizedKeys, run: there })
    await mkdir(join(folder, 'ssh'))
    const known = join(folder, 'known_hosts')
    await writeFile(
      join(folder, 'config'),
      `Host box\n  HostName ${server.address}\n  Port ${server.port}\n  User root\n  HostKeyAlias box\n  UserKnownHostsFile ${known}\n`,
    )
    await writeFile(known, '')
    test = await createTestCore({ keptLayerMegabytes: 0 }, { sshConfig: join(folder, 'config') })
  })
  afterAll(async () => {
    await test?.dispose()
    if (agentBefore === undefined) delete process.env.SSH_AUTH_SOCK
    else process.env.SSH_AUTH_SOCK = agentBefore
    api?.close()
    server?.kill()
    agent?.stop()
    await network?.dispose()
    await second?.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  const address = () => `ssh://box${new URL(second.endpoint).pathname}`

  it('are made once the key of the machine is trusted', async () => {
    const refused: unknown = await core()
      .engines.add({ name: 'box', address: address() })
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({
      code: 'ENGINE_HOST_UNKNOWN',
      data: { fingerprints: [{ fingerprint: expect.stringMatching(/^SHA256:/) }] },
    })
    const { fingerprint = '' } = (refused as { data: { fingerprints: { fingerprint: string }[] } }).data.fingerprints[0] ?? {}
    await core().engines.trust(address(), fingerprint)
    expect(await core().engines.add({ name: 'box', address: address() })).toMatchObject({ state: { status: 'connected' } })
    await done(core(), core().workspaces.create({ name, engine: 'box' }))
    expect(core().workspaces.get(name)).toMatchObject({ engine: 'box', status: 'running' })
    expect(await inside(core(), name, 'whoami')).toBe('workspace')
  })

  it('answer ssh by their names on this machine, and listen on the loopback of theirs alone', async () => {
    const { ssh } = core().workspaces.get(name).ports
    const login = () => run('ssh', ['-F', join(test.home, 'ssh/config'), `${name}.berth`, 'hostname'])
    await vi.waitFor(async () => expect((await login()).stdout.trim()).toBe(name), 10_000)
    const { stdout } = await run('nsenter', [`--target=${second.pid()}`, '--net', 'ss', '-Hltn', `sport = :${ssh}`])
    expect(stdout).toContain(`127.0.0.1:${ssh}`)
    expect(stdout).not.toContain(`0.0.0.0:${ssh}`)
    const here = await run('ss', ['-Hltn', `sport = :${ssh}`])
    expect(here.stdout).toContain(`127.0.0.1:${ssh}`)
    expect(here.stdout).not.toContain(`0.0.0.0:${ssh}`)
  })

  it('have their ports forwarded to this machine', async () => {
    await inside(core(), name, `setsid -f perl -e '${SERVER}' >/dev/null 2>&1`)
    const { id } = core().workspaces.get(name)
    const { forward } = await core().forwards.add(id, { port: 8123, container: null })
    await vi.waitFor(async () => expect(await (await fetch(`http://127.0.0.1:${forward.localPort}/`)).text()).toContain('far'), 15_000)
  })

  it('come back with their ports when the connection was lost', async () => {
    server.kill()
    await vi.waitFor(() => expect(core().engines.get('box').state.status).not.toBe('connected'), 20_000)
    await server.start()
    await core().engines.reconnect('box')
    await vi.waitFor(() => expect(core().engines.get('box').state.status).toBe('connected'), 30_000)
    const login = () => run('ssh', ['-F', join(test.home, 'ssh/config'), `${name}.berth`, 'hostname'])
    await vi.waitFor(async () => expect((await login()).stdout.trim()).toBe(name), 15_000)
  })

  it('move to this machine', async () => {
    await inside(core(), name, 'echo kept >~/kept')
    await done(core(), core().relocations.move(name, { engine: 'local', dropSnapshots: false }))
    expect(core().workspaces.get(name)).toMatchObject({ engine: 'local', status: 'running' })
    expect(await inside(core(), name, 'cat ~/kept')).toBe('kept')
  })

  longIt('and back, with their ports', async () => {
    await done(core(), core().relocations.move(name, { engine: 'box', dropSnapshots: false }))
    expect(await inside(core(), name, 'cat ~/kept')).toBe('kept')
    const login = () => run('ssh', ['-F', join(test.home, 'ssh/config'), `${name}.berth`, 'hostname'])
    await vi.waitFor(async () => expect((await login()).stdout.trim()).toBe(name), 15_000)
  })

  it('are reached likewise where the engine has nothing but its API', async () => {
    await done(core(), core().workspaces.delete(name))
    await core().engines.remove('box')
    const path = new URL(second.endpoint).pathname
    api = createServer((client) => {
      const upstream = connect(path)
      client.pipe(upstream).pipe(client)
      for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
    }).listen(0, '127.0.0.1')
    await once(api, 'listening')
    await core().engines.add({ name: 'api', address: `tcp://127.0.0.1:${(api.address() as AddressInfo).port}` })
    const far = uniqueName('tcp')
    await done(core(), core().workspaces.create({ name: far, engine: 'api' }))
    const login = () => run('ssh', ['-F', join(test.home, 'ssh/config'), `${far}.berth`, 'hostname; head -c 3000000 /dev/zero | wc -c'])
    await vi.waitFor(async () => expect((await login()).stdout).toBe(`${far}\n3000000\n`), 15_000)
    await inside(core(), far, `setsid -f perl -e '${SERVER}' >/dev/null 2>&1`)
    const { forward } = await core().forwards.add(core().workspaces.get(far).id, { port: 8123, container: null })
    await vi.waitFor(async () => expect(await (await fetch(`http://127.0.0.1:${forward.localPort}/`)).text()).toContain('far'), 15_000)
    const { ssh } = core().workspaces.get(far).ports
    const { stdout } = await run('nsenter', [`--target=${second.pid()}`, '--net', 'ss', '-Hltn', `sport = :${ssh}`])
    expect(stdout).not.toContain(`0.0.0.0:${ssh}`)
    // What carried a connection ends with it.
    const carrying = async () => Number(await inside(core(), far, "pgrep -f '^bash -c exec 3' | wc -l"))
    const before = await carrying()
    expect(before).toBeGreaterThan(0)
    const open = spawn('ssh', ['-F', join(test.home, 'ssh/config'), `${far}.berth`, 'sleep 60'], { stdio: 'ignore' })
    await vi.waitFor(async () => expect(await carrying()).toBeGreaterThan(before), 15_000)
    open.kill()
    await vi.waitFor(async () => expect(await carrying()).toBe(before), 15_000)
    await done(core(), core().workspaces.delete(far))
  })
})
