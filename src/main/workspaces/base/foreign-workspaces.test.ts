import { describe, expect, it } from 'vitest'
import type { ContainerDetails } from '../../engine/containers'
import { describeNeighbour } from './foreign-workspaces'

const details = (changes: Partial<ContainerDetails> = {}): ContainerDetails => ({
  id: 'c1',
  name: 'workspace-demo',
  labels: { 'workspace.managed': 'true', 'workspace.name': 'demo' },
  running: false,
  paused: false,
  exitCode: 0,
  startedAt: null,
  finishedAt: null,
  image: 'perry:latest',
  error: '',
  outOfMemory: false,
  state: 'exited',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  imageId: 'sha256:1',
  entrypoint: [],
  environment: {},
  addresses: [],
  limits: { memoryBytes: null, cpus: null, processes: null },
  mounts: [
    { path: '/home/workspace', kind: 'volume', volume: 'workspace-demo' },
    { path: '/var/lib/docker', kind: 'volume', volume: 'workspace-demo-docker' },
  ],
  ports: [{ containerPort: 22, hostAddress: '0.0.0.0', hostPort: 2201 }],
  ...changes,
})
const describeIt = (changes: Partial<ContainerDetails> = {}) =>
  describeNeighbour(details(changes), { installationId: 'mine', engine: 'local' })

describe('a container of another tool', () => {
  it('is described by its labels, mounts and ports', () => {
    expect(describeIt()).toEqual({
      name: 'demo',
      engine: 'local',
      from: 'perry',
      containerId: 'c1',
      containerName: 'workspace-demo',
      status: 'stopped',
      image: 'perry:latest',
      volumes: { home: 'workspace-demo', docker: 'workspace-demo-docker' },
      sshPort: 2201,
      createdAt: '2026-01-01T00:00:00.000Z',
      obstacle: null,
    })
  })

  it('has no port of its own where the engine chooses one at each start', () => {
    expect(describeIt({ ports: [{ containerPort: 22, hostAddress: '', hostPort: 0 }] })?.sshPort).toBeNull()
  })

  it.each([
    ['this Berth’s own', { 'workspace.managed': 'true', 'dev.berth.owner': 'mine' }],
    ['no workspace', { 'workspace.name': 'demo' }],
  ])('is not listed when it is %s', (_, labels) => expect(describeIt({ labels })).toBeNull())

  it('is not listed while another Berth is replacing it', () => {
    const labels = {
      ...{ 'workspace.managed': 'true', 'dev.berth.owner': 'theirs', 'dev.berth.id': 'w1' },
      ...{ 'dev.berth.role': 'workspace', 'dev.berth.name': 'demo' },
    }
    expect(describeIt({ labels })).toMatchObject({ name: 'demo', from: 'berth' })
    for (const name of ['workspace-demo-previous', 'workspace-demo-replacement']) expect(describeIt({ labels, name })).toBeNull()
  })

  const [home, docker] = details().mounts
  it.each([
    ['name', { labels: { 'workspace.managed': 'true', 'workspace.name': 'Not_Ours' } }],
    ['home folder', { mounts: docker ? [docker] : [] }],
    ['nested Docker data', { mounts: home ? [home] : [] }],
    ['/data', { mounts: [...details().mounts, { path: '/data', kind: 'bind', volume: null }] }],
    ['/cache', { mounts: [...details().mounts, { path: '/cache', kind: 'volume', volume: '0abc' }] }],
    ['paused', { state: 'paused', running: true }],
  ])('says what is in the way: %s', (word, changes) => expect(describeIt(changes)?.obstacle).toContain(word))

  it('may have what belongs to the machine mounted', () => {
    const mounts = ['/sys/fs/cgroup', '/lib/modules', '/etc/localtime'].map((path) => ({ path, kind: 'bind', volume: null }))
    const memory = { path: '/scratch', kind: 'tmpfs', volume: null }
    expect(describeIt({ mounts: [...details().mounts, ...mounts, memory] })?.obstacle).toBeNull()
  })
})
