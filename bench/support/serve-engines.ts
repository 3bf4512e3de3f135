import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'

/**
 * Engines that list, and on which Berth's own programs run: each a socket in the folder, with so many containers that are said to run. What is handed over is
 * taken, and a watcher of ports says that nothing listens and goes on. A line “N” on the input has the first container of engine N end, as the
 * engine's events tell it. In a process of its own, so that it takes nothing of what is measured.
 */
const [folder = '', engines = '1', each = '1', owner = ''] = process.argv.slice(2)

export const containerId = (engine: number, index: number) => `${engine}`.padStart(8, '0') + `${index}`.padStart(56, 'a')
export const workspaceName = (engine: number, index: number) => `w${engine}-${index}`

function labelsOf(engine: number, index: number): Record<string, string> {
  const name = workspaceName(engine, index)
  return {
    'dev.berth.id': `id-${name}`,
    'dev.berth.name': name,
    'dev.berth.owner': owner,
    'dev.berth.role': 'workspace',
    'dev.berth.secrets': 'never',
    'workspace.managed': 'true',
    'workspace.name': name,
  }
}

/** As `docker inspect` has one that has run for long. */
function details(engine: number, index: number): object {
  return {
    Id: containerId(engine, index),
    Name: `/workspace-${workspaceName(engine, index)}`,
    Image: 'sha256:1',
    Created: '2026-01-01T00:00:00Z',
    Config: { Labels: labelsOf(engine, index), Image: 'berth:latest', Env: [], Entrypoint: null },
    State: { Running: true, Paused: false, ExitCode: 0, Status: 'running', Error: '', OOMKilled: false, ...STARTED },
    NetworkSettings: { Networks: {} },
    HostConfig: { Memory: 0, NanoCpus: 0, PidsLimit: null, PortBindings: {} },
    Mounts: [],
  }
}
const STARTED = { StartedAt: '2026-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z' }

/** One line of the program's output, in the engine's own frame. */
function frame(said: object): Buffer {
  const text = Buffer.from(`${JSON.stringify(said)}\n`)
  const header = Buffer.alloc(8)
  header[0] = 1
  header.writeUInt32BE(text.length, 4)
  return Buffer.concat([header, text])
}

function serve(engine: number): (event: object) => void {
  const streams = new Set<ServerResponse>()
  const containers = Array.from({ length: Number(each) }, (_, index) => ({
    Id: containerId(engine, index),
    Names: [`/workspace-${workspaceName(engine, index)}`],
    Labels: labelsOf(engine, index),
    State: 'running',
    Image: 'berth:latest',
    ImageID: 'sha256:1',
    Created: 1_700_000_000,
  }))
  const answers: Record<string, unknown> = {
    '/version': {
      Version: '28.0.0',
      ApiVersion: '1.48',
      MinAPIVersion: '1.24',
      Os: 'linux',
      Arch: 'amd64',
      Components: [{ Name: 'Engine' }],
    },
    '/info': {
      ...{ ID: `engine-${engine}`, DockerRootDir: '/data', OperatingSystem: 'Debian', Architecture: 'x86_64', NCPU: 8, MemTotal: 32e9 },
      ...{
        Name: `engine-${engine}`,
        Driver: 'overlay2',
        CgroupVersion: '2',
        MemoryLimit: true,
        CpuCfsQuota: true,
        CPUShares: true,
        PidsLimit: true,
      },
      ...{ SecurityOptions: ['name=seccomp'], Swarm: { LocalNodeState: 'inactive' } },
    },
    '/containers/json': containers,
    '/volumes': { Volumes: [], Warnings: [] },
    '/images/json': [],
    '/networks': [],
  }
  const commands = new Map<string, string[]>()
  const byPath = new Map(containers.map(({ Id: id }, index) => [`/containers/${id}/json`, index]))
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://engine').pathname
    const inspected = byPath.get(path)
    const json = (status: number, answer: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      streams.add(response)
      response.once('close', () => streams.delete(response))
    } else if (path === '/_ping') response.end('OK')
    else if (path in answers) json(200, answers[path])
    else if (inspected !== undefined) json(200, details(engine, inspected))
    else if (path.endsWith('/exec')) {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const id = `${engine}-${commands.size}`
        commands.set(id, JSON.parse(Buffer.concat(chunks).toString()).Cmd)
        json(201, { Id: id })
      })
    } else json(404, { message: 'no such thing' })
  })
  server.on('upgrade', (request, socket: Duplex) => {
    socket.on('error', () => undefined)
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n')
    socket.resume().on('end', () => socket.end())
    const [, id = ''] = /^\/exec\/(.+)\/start/.exec(request.url ?? '') ?? []
    if (commands.get(id)?.[0]?.endsWith('/port-watch')) socket.write(frame({ listeners: [] }))
    else if (commands.get(id)?.[1] === 'take') socket.write(frame({ state: 'taken' }))
    else socket.end()
  })
  // As the engine's own, which closes no connection that nobody uses.
  server.keepAliveTimeout = 0
  server.listen(join(folder, `${engine}.sock`))
  return (event) => {
    for (const stream of streams) stream.write(`${JSON.stringify(event)}\n`)
  }
}

const tell = Array.from({ length: Number(engines) }, (_, engine) => serve(engine))
createInterface({ input: process.stdin }).on('line', (line) => {
  const engine = Number(line)
  const attributes = { ...labelsOf(engine, 0), name: `workspace-${workspaceName(engine, 0)}`, exitCode: '0' }
  tell[engine]?.({
    Type: 'container',
    Action: 'die',
    Actor: { ID: containerId(engine, 0), Attributes: attributes },
    timeNano: Date.now() * 1e6,
  })
})
process.stdin.once('close', () => process.exit())
console.log('ready')
