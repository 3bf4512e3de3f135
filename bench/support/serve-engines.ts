import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Engines that only list: each a socket in the folder, with so many containers that are said to run. A line “N” on the input has the first container
 * of engine N end, as the engine's events tell it. In a process of its own, so that it takes nothing of what is measured.
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
    'workspace.managed': 'true',
    'workspace.name': name,
  }
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
  createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://engine').pathname
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      streams.add(response)
      response.once('close', () => streams.delete(response))
    } else if (path === '/_ping') response.end('OK')
    else if (path in answers) response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[path]))
    else response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ message: 'no such thing' }))
  }).listen(join(folder, `${engine}.sock`))
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
