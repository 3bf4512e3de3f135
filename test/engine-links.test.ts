import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createEngine, type Engine } from '../src/main/engine/engine'
import type { EngineAddress, EngineSurroundings } from '../src/main/engine/engine-address'
import { trustHost } from '../src/main/engine/ssh/trust-host'
import type { EngineState } from '../src/shared/contract/engines'
import { connectable } from './support/connectable'
import { commandLines, type EngineNamespaces, openEngineNamespaces } from './support/engine-namespaces'
import { linkNetwork, type NetworkLink } from './support/network-link'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { type SlowProxy, startSlowProxy } from './support/slow-proxy'
import { freePort, haveSshServer, type SshAgent, type SshServer, startSshAgent, startSshServer } from './support/ssh-machine'
import { startContainer } from './support/test-container'
import { docker, uniqueName } from './support/test-core'

const run = promisify(execFile)
const LABEL = `dev.berth.${uniqueName('links')}`
const URL = 'ssh://box'

/** For everything, sockets of ssh's too, which need a short path. */
let folder: string
let namespaces: EngineNamespaces
let network: NetworkLink
let agent: SshAgent
let jump: SshServer
let box: SshServer
let surroundings: EngineSurroundings
const engines: Engine[] = []
const temporary = process.env.TMPDIR

/** The user's configuration of ssh: the engine's machine is behind another, and files include files. */
async function configure(boxPort = box.port, boxAddress = box.address): Promise<void> {
  const known = `UserKnownHostsFile ${join(folder, 'known_hosts')}`
  await writeFile(
    join(folder, 'config'),
    `Include ${join(folder, 'included')}\nHost *\n  User root\n  ${known}\n  ControlMaster auto\n  ControlPath ${join(folder, 'tmp', 'user-%C')}\n`,
  )
  await writeFile(
    join(folder, 'included'),
    [
      `Host box\n  HostName ${boxAddress}\n  Port ${boxPort}\n  ProxyJump jump\n  HostKeyAlias box\n  LocalForward ${jump.port} localhost:1\n  RemoteCommand false`,
      `Host far\n  HostName 127.0.0.1\n  HostKeyAlias box`,
      `Host jump\n  HostName ${jump.address}\n  Port ${jump.port}\n  ControlMaster no`,
    ].join('\n'),
  )
}

const knowHosts = async (hosts: Record<string, string>) =>
  writeFile(
    join(folder, 'known_hosts'),
    Object.entries({ [`[${jump.address}]:${jump.port}`]: await jump.hostKey(), ...hosts })
      .map((entry) => `${entry.join(' ')}\n`)
      .join(''),
  )

function open(url: string, changes: Partial<EngineSurroundings> = {}): { engine: Engine; states: EngineState[] } {
  const states: EngineState[] = []
  const engine = createEngine({ address: () => ({ url }), surroundings: { ...surroundings, ...changes }, label: LABEL })
  engines.push(engine)
  engine.start({ onState: (state) => states.push(state), onContainerEvent: () => undefined })
  return { engine, states }
}

async function becomes<Status extends EngineState['status']>(
  engine: Engine,
  status: Status,
): Promise<Extract<EngineState, { status: Status }>> {
  await vi.waitFor(() => expect(engine.state().status, JSON.stringify(engine.state())).toBe(status), { timeout: 20_000, interval: 10 })
  return engine.state() as Extract<EngineState, { status: Status }>
}

const problemSchema = z.object({ data: z.object({ fingerprints: z.tuple([z.object({ fingerprint: z.string() })]) }) })
const fingerprintIn = (problem: unknown) => problemSchema.parse(problem).data.fingerprints[0].fingerprint

/** What Berth has left: folders, and programs that name them. */
const leftOver = () => [
  ...readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('berth-ssh')),
  ...commandLines().filter((line) => line.includes(join(folder, 'tmp'))),
]
const nothingIsLeft = () => vi.waitFor(() => expect(leftOver()).toEqual([]), { timeout: 10_000, interval: 20 })

const sayHello = (port: number) => [
  process.execPath,
  '-e',
  `require('net').createServer((socket) => socket.end('hello')).listen(${port}, '127.0.0.1')`,
]
/** On the port of a workspace's ssh server. */
const GREET = `use Socket; socket(my $server, PF_INET, SOCK_STREAM, 0); bind($server, sockaddr_in(22, INADDR_LOOPBACK)) or die;
listen($server, 5); while (accept(my $client, $server)) { syswrite($client, "hello"); close $client }`
const heardAt = (port: number) => text(connect(port, '127.0.0.1'))

describe.skipIf(!haveSshServer)('an engine that is reached by ssh', () => {
  beforeAll(async () => {
    folder = await mkdtemp('/tmp/bl-')
    await mkdir(join(folder, 'tmp'))
    process.env.TMPDIR = join(folder, 'tmp')
    agent = await startSshAgent(folder)
    const authorizedKeys = join(folder, 'authorized_keys')
    await writeFile(authorizedKeys, agent.publicKey)
    namespaces = await openEngineNamespaces(null)
    network = await linkNetwork(namespaces.pid)
    jump = await startSshServer(join(folder, 'jump'), { address: '127.0.0.1', authorizedKeys })
    box = await startSshServer(join(folder, 'box'), { address: network.address, authorizedKeys, run: namespaces.spawn })
    surroundings = {
      environment: { ...process.env, DOCKER_HOST: undefined, SSH_AUTH_SOCK: agent.socket },
      ...{ platform: process.platform, homeFolder: '/nonexistent', berthHome: join(folder, 'home'), sshConfig: join(folder, 'config') },
    }
    await configure()
    await knowHosts({ box: await box.hostKey() })
  })
  afterEach(async () => {
    for (const engine of engines.splice(0)) engine.close()
    await nothingIsLeft()
  })
  afterAll(async () => {
    process.env.TMPDIR = temporary
    if (temporary === undefined) delete process.env.TMPDIR
    box?.kill()
    jump?.kill()
    agent?.stop()
    await network?.dispose()
    await namespaces?.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  it('answers through a machine in between, by a key that only an agent has', async () => {
    const { engine } = open(URL)
    expect(await becomes(engine, 'connected')).toMatchObject({ endpoint: URL })
    expect(engine.state()).not.toHaveProperty('insecure')
    expect(await engine.containers.list(LABEL)).toEqual([])
    expect(engine.isLocal()).toBe(false)
    // One for all requests, and the one that ends it when Berth dies.
    await Promise.all(Array.from({ length: 30 }, () => engine.containers.list(LABEL)))
    expect(commandLines().filter((line) => line.includes(join(folder, 'tmp')))).toHaveLength(2)
  })

  it('takes the path of a socket, and says when there is none', async () => {
    await becomes(open(`${URL}/var/run/docker.sock`).engine, 'connected')
    const { tried } = await becomes(open(`${URL}/run/no.sock`).engine, 'unreachable')
    expect(tried[0]?.reason).toBe('the socket /run/no.sock does not exist on box')
  })

  it.each([
    ['ssh://-oProxyCommand=false', 'the host cannot start with a dash'],
    ['ssh://-l@box', 'the user cannot start with a dash'],
    ['ssh://me:secret@box', 'a password in the address is not used'],
    ['ssh://box/a%0Ab', 'the path contains characters'],
  ])('refuses %s', async (url, reason) => {
    const { tried } = await becomes(open(url).engine, 'unreachable')
    expect(tried[0]?.reason).toContain(reason)
  })

  it('says why a login fails, in ssh’s own words', async () => {
    const { tried, problem } = await becomes(open(URL, { environment: { PATH: process.env.PATH } }).engine, 'unreachable')
    expect(tried[0]?.reason).toContain('Permission denied')
    expect(problem).toBeUndefined()
  })

  it('says when there is no ssh', async () => {
    const { tried } = await becomes(open(URL, { environment: { PATH: '/nonexistent' } }).engine, 'unreachable')
    expect(tried[0]?.reason).toBe('the program “ssh” is not installed on this machine')
  })

  it('is not reached while nobody has trusted its key, and is from then on', async () => {
    await knowHosts({})
    const { engine } = open(URL)
    const { problem } = await becomes(engine, 'unreachable')
    const fingerprints = [{ type: 'ssh-ed25519', fingerprint: expect.stringMatching(/^SHA256:/) }]
    expect(problem).toMatchObject({ code: 'ENGINE_HOST_UNKNOWN', data: { host: 'box', fingerprints } })
    const known = join(folder, 'home/ssh/known_engines')
    await expect(trustHost(surroundings, { url: URL }, 'SHA256:another')).rejects.toMatchObject({ code: 'ENGINE_HOST_UNKNOWN' })
    expect(existsSync(known), 'another key is trusted').toBe(false)
    const shown = fingerprintIn(problem)
    await trustHost(surroundings, { url: URL }, shown)
    await trustHost(surroundings, { url: URL }, shown)
    expect(await readFile(known, 'utf8')).toBe(`box ${await box.hostKey()}\n`)
    expect(await engine.reconnect()).toMatchObject({ status: 'connected' })
    await rm(known)
    await knowHosts({ box: await box.hostKey() })
  })

  it('is not reached when its key is another than before', async () => {
    await knowHosts({ box: await jump.hostKey() })
    const { problem } = await becomes(open(URL).engine, 'unreachable')
    expect(problem).toMatchObject({ code: 'ENGINE_HOST_CHANGED', data: { host: 'box', fingerprints: [{ type: 'ssh-ed25519' }] } })
    const shown = fingerprintIn(problem)
    await expect(trustHost(surroundings, { url: URL }, shown)).rejects.toMatchObject({ code: 'ENGINE_HOST_CHANGED' })
    expect(existsSync(join(folder, 'home/ssh/known_engines'))).toBe(false)
    await knowHosts({ box: await box.hostKey() })
  })

  it('is connected to again, with its ports, when the ssh server was killed', async () => {
    const port = await freePort()
    const server = namespaces.spawn(sayHello(port), 2)
    await becomes(open(URL).engine, 'connected')
    const { engine, states } = open(URL)
    await becomes(engine, 'connected')
    await engine.bringPort(port, 'any')
    await vi.waitFor(async () => expect(await heardAt(port)).toBe('hello'), 5000)
    box.kill()
    await becomes(engine, 'connecting')
    await becomes(engine, 'unreachable')
    await box.start()
    await engine.reconnect()
    await becomes(engine, 'connected')
    await vi.waitFor(async () => expect(await heardAt(port)).toBe('hello'), 5000)
    expect(states.map(({ status }) => status).slice(0, 3)).toEqual(['connected', 'connecting', 'unreachable'])
    await engine.dropPort(port)
    await expect(heardAt(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    server.kill()
  })

  it('has no port that is taken on this machine', async () => {
    const { engine } = open(URL)
    await becomes(engine, 'connected')
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    await expect(engine.bringPort(port, 'any')).rejects.toMatchObject({ code: 'ENGINE_PORT_UNAVAILABLE', data: { port, host: 'box' } })
    taken.close()
    await once(taken, 'close')
    await engine.bringPort(port, 'any')
    await engine.bringPort(port, 'any')
  })

  it('is reached by a program over there where the server forwards no sockets', async () => {
    box.kill()
    box.settings = ['AllowStreamLocalForwarding no']
    await box.start()
    const { engine } = open(URL)
    await becomes(engine, 'connected')
    // More at once than a server takes as sessions of one connection.
    await Promise.all(Array.from({ length: 15 }, () => engine.containers.list(LABEL)))
    const container = await startContainer('dial')
    try {
      const exec = await engine.exec.start({
        containerId: container.id,
        command: ['sh', '-c', 'cat; exit 3'],
        user: 'root',
        tty: false,
        stdin: true,
      })
      exec.stdin?.end('to the end')
      expect(await text(exec.stdout)).toBe('to the end')
      expect(await exec.exitCode()).toBe(3)
    } finally {
      await container.remove({ force: true })
      box.kill()
      box.settings = []
      await box.start()
    }
  })

  it('is reached by a login for each connection where ssh shares none, as on Windows', async () => {
    const { engine } = open(URL, { platform: 'win32' })
    await becomes(engine, 'connected')
    expect(await engine.containers.list(LABEL)).toEqual([])
    const container = await startContainer('tunnel')
    const port = await freePort()
    try {
      await engine.bringPort(port, container.id)
      const run = await engine.exec.start({
        containerId: container.id,
        command: ['perl', '-e', GREET],
        user: 'root',
        tty: false,
        stdin: false,
      })
      run.stdout.resume()
      await vi.waitFor(async () => expect(await heardAt(port)).toBe('hello'), 10_000)
      // What is brought already leads to another from then on; nothing is listening there.
      await engine.bringPort(port, 'another')
      await expect(heardAt(port)).rejects.toMatchObject({ code: 'ECONNRESET' })
      await engine.dropPort(port)
      await expect(heardAt(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    } finally {
      await container.remove({ force: true })
    }
  })

  it('leaves nothing when Berth is killed with a terminal open', async () => {
    const outDir = join(import.meta.dirname, `../node_modules/.cache/berth-links-${process.pid}`)
    await build({
      ...{ logLevel: 'error', configFile: false },
      build: { ssr: join(import.meta.dirname, 'support/link-process.ts'), outDir, emptyOutDir: true, target: 'node22' },
    })
    const container = await startContainer('killed')
    const port = await freePort()
    const plan = JSON.stringify({ surroundings, url: URL, containerId: container.id, port })
    const berth = spawn(process.execPath, [join(outDir, 'link-process.js')], {
      ...{ env: { ...process.env, BERTH_TEST_PLAN: plan }, stdio: ['ignore', 'pipe', 'inherit'] },
    })
    await once(berth.stdout, 'data')
    await connectable('127.0.0.1', port)
    expect(leftOver()).not.toEqual([])
    berth.kill('SIGKILL')
    await nothingIsLeft()
    await expect(heardAt(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await container.remove({ force: true })
    await rm(outDir, { recursive: true })
  })

  describe('and is far away', () => {
    let proxy: SlowProxy
    beforeAll(async () => {
      let seed = 1
      const random = () => {
        seed = (seed * 16_807) % 2_147_483_647
        return seed / 2_147_483_647
      }
      proxy = await startSlowProxy({ host: box.address, port: box.port }, { delayMs: 50, loss: 0.01, random })
    })
    afterAll(() => proxy?.close())

    it('lists two hundred containers, and opens a terminal within a second', async () => {
      const created = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          docker.createContainer({
            name: uniqueName(`far${index}`),
            Image: 'berth-base:latest',
            Labels: { [LABEL]: '' },
          }),
        ),
      )
      const container = await startContainer('far')
      const stubborn = await startContainer('stubborn', ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'])
      try {
        const times: Record<string, number[]> = {}
        const timed = async <Value>(what: string, work: Promise<Value>): Promise<Value> => {
          const begin = performance.now()
          const value = await work
          times[what] = [...(times[what] ?? []), Math.round(performance.now() - begin)]
          return value
        }
        const { engine, states } = open(`ssh://far:${proxy.port}`)
        await timed('connect', becomes(engine, 'connected'))
        const connectedAt = states.length
        expect(await timed('list', engine.containers.list(LABEL))).toHaveLength(200)
        const openTerminal = async () => {
          const exec = await engine.exec.start({ containerId: container.id, command: ['cat'], user: 'root', tty: true, stdin: true })
          exec.stdin?.write('x')
          await once(exec.stdout, 'data')
          return exec
        }
        for (let round = 0; round < 5; round++) (await timed('terminal', openTerminal())).destroy()
        console.info('milliseconds over 100 ms and 1 % loss:', times)
        // The machine is busy with other things, too.
        expect(times.terminal?.toSorted((a, b) => a - b)[2]).toBeLessThan(1000)
        // Silent for so long that the engine is asked whether it is there.
        await engine.containers.stop(stubborn.id, 6)
        expect(states.slice(connectedAt)).toEqual([])
      } finally {
        await Promise.all([...created, container, stubborn].map((one) => one.remove({ force: true })))
      }
    })
  })
})

describe.skipIf(process.getuid?.() !== 0)('an engine that is reached by TLS', () => {
  let home: string
  let engine: SecondEngine
  let cable: NetworkLink
  let url: string
  const certificates = (name: string) => join(home, name)
  const REFUSED = 'it requires a client certificate (cert.pem and key.pem) signed by its own authority'

  beforeAll(async () => {
    home = await mkdtemp('/tmp/bt-')
    // One authority for the engine and those who may use it, and another one that has nothing to do with it.
    for (const name of ['good', 'other']) await makeAuthority(certificates(name))
    await makeCertificate(certificates('good'), 'server', 'subjectAltName=IP:127.0.0.1')
    for (const name of ['good', 'other']) await makeCertificate(certificates(name), 'client', 'extendedKeyUsage=clientAuth')
    const file = (name: string) => join(certificates('good'), name)
    engine = await startSecondEngine({
      args: [
        ...['--host', 'tcp://0.0.0.0:2376', '--tlsverify', '--tlscacert', file('ca.pem')],
        ...['--tlscert', file('server-cert.pem'), '--tlskey', file('server-key.pem')],
      ],
    })
    cable = await linkNetwork(engine.pid())
    url = `tcp://${cable.address}:2376`
    await makeCertificate(certificates('good'), 'server', `subjectAltName=IP:${cable.address}`)
    await engine.stop()
    await engine.start()
    for (const name of ['good', 'other']) {
      for (const part of ['cert', 'key'])
        await copyFile(join(certificates(name), `client-${part}.pem`), join(certificates(name), `${part}.pem`))
    }
  })
  afterEach(() => {
    for (const one of engines.splice(0)) one.close()
  })
  afterAll(async () => {
    await cable?.dispose()
    await engine?.dispose()
    await rm(home, { recursive: true, force: true })
  })

  function connectTo(address: EngineAddress | null, environment: Record<string, string> = {}): Engine {
    const one = createEngine({
      address: () => address,
      surroundings: { environment, platform: process.platform, homeFolder: home, berthHome: home },
      label: LABEL,
    })
    engines.push(one)
    one.start({ onState: () => undefined, onContainerEvent: () => undefined })
    return one
  }
  const reasonOf = async (one: Engine) => (await becomes(one, 'unreachable')).tried[0]?.reason

  it('answers with the files of the folder, and is not called insecure', async () => {
    const one = connectTo({ url, tlsFolder: certificates('good') })
    expect(await becomes(one, 'connected')).toMatchObject({ endpoint: url })
    expect(one.state()).not.toHaveProperty('insecure')
    expect(await one.containers.list(LABEL)).toEqual([])
  })

  it('answers with Docker’s variables', async () => {
    await becomes(connectTo(null, { DOCKER_HOST: url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates('good') }), 'connected')
  })

  it('is refused when another authority has signed its certificate', async () => {
    await cp(certificates('good'), certificates('mixed'), { recursive: true })
    await copyFile(join(certificates('other'), 'ca.pem'), join(certificates('mixed'), 'ca.pem'))
    expect(await reasonOf(connectTo({ url, tlsFolder: certificates('mixed') }))).toBe(
      'its certificate is not signed by the authority in ca.pem',
    )
  })

  it('is answered without that check for a context that skips it, and marked as insecure', async () => {
    await writeContext({ Host: url, SkipTLSVerify: true }, ['cert.pem', 'key.pem'])
    expect(await becomes(connectTo({ context: 'lab' }), 'connected')).toMatchObject({ insecure: true })
  })

  it('refuses who has no certificate, and says so', async () => {
    await writeContext({ Host: url }, ['ca.pem'])
    expect(await reasonOf(connectTo({ context: 'lab' }))).toBe(REFUSED)
  })

  it('refuses a certificate of another authority', async () => {
    await copyFile(join(certificates('good'), 'ca.pem'), join(certificates('other'), 'ca.pem'))
    expect(await reasonOf(connectTo({ url, tlsFolder: certificates('other') }))).toBe(REFUSED)
  })

  it.each(['ca.pem', 'cert.pem', 'key.pem'])('is never reached without TLS because %s is missing', async (missing) => {
    const folder = certificates(`without-${missing}`)
    await cp(certificates('good'), folder, { recursive: true })
    await rm(join(folder, missing))
    const reason = `TLS needs ${join(folder, missing)}: the file does not exist`
    expect(await reasonOf(connectTo({ url, tlsFolder: folder }))).toBe(reason)
    expect(await reasonOf(connectTo(null, { DOCKER_HOST: url, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }))).toBe(reason)
  })

  async function writeContext(docker: object, files: string[]): Promise<void> {
    const id = createHash('sha256').update('lab').digest('hex')
    await rm(join(home, '.docker'), { recursive: true, force: true })
    const [meta, tls] = [join(home, '.docker/contexts/meta', id), join(home, '.docker/contexts/tls', id, 'docker')]
    for (const path of [meta, tls]) await mkdir(path, { recursive: true })
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: 'lab', Endpoints: { docker } }))
    for (const file of files) await copyFile(join(certificates('good'), file), join(tls, file))
  }
})

it.skipIf(process.getuid?.() !== 0)('an engine that is reached by plain tcp is marked as insecure', async () => {
  const server = createServer((client) => {
    const upstream = connect('/var/run/docker.sock')
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const engine = createEngine({
    address: () => ({ url: `tcp://127.0.0.1:${port}` }),
    surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
    label: LABEL,
  })
  engine.start({ onState: () => undefined, onContainerEvent: () => undefined })
  expect(await becomes(engine, 'connected')).toMatchObject({ insecure: true })
  engine.close()
  server.close()
})

const openssl = (folder: string, args: string[]) => run('openssl', args, { cwd: folder })
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

async function makeAuthority(folder: string): Promise<void> {
  await mkdir(folder)
  await openssl(folder, ['req', '-x509', ...NEW_KEY, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=a test'])
}

async function makeCertificate(folder: string, name: string, extension: string): Promise<void> {
  await writeFile(join(folder, 'extensions'), extension)
  await openssl(folder, ['req', ...NEW_KEY, '-keyout', `${name}-key.pem`, '-out', 'request.pem', '-subj', `/CN=${name}`])
  await openssl(folder, [
    ...['x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'],
    ...['-out', `${name}-cert.pem`, '-days', '2', '-extfile', 'extensions'],
  ])
}
