import { expect, it } from 'vitest'
import { capabilitiesOf, infoSchema, isPodman, libpodInfoSchema, versionSchema } from './capabilities'

const docker = versionSchema.parse({ Version: '28.2.2', ApiVersion: '1.50', Components: [{ Name: 'Engine', Version: '28.2.2' }] })
const podman = (version: string) =>
  versionSchema.parse({ Version: version, ApiVersion: '1.41', Components: [{ Name: 'Podman Engine', Version: version }] })

const info = (changes: object = {}) =>
  infoSchema.parse({
    ...{ ID: 'ABCD:EFGH', Name: 'box', OperatingSystem: 'Debian', Architecture: 'x86_64', NCPU: 2, MemTotal: 8e9, Driver: 'overlay2' },
    ...{ CgroupVersion: '2', MemoryLimit: true, CpuCfsQuota: true, PidsLimit: true, SecurityOptions: ['name=seccomp,profile=default'] },
    ...changes,
  })

const libpod = (changes: { host?: object; graphRoot?: string } = {}) =>
  libpodInfoSchema.parse({
    host: { hostname: 'box', cgroupControllers: ['cpu', 'memory', 'pids'], security: { rootless: false }, ...changes.host },
    store: { graphRoot: changes.graphRoot ?? '/var/lib/containers/storage' },
  })

it('a usual Docker engine can do all of it', () => {
  expect(isPodman(docker)).toBe(false)
  expect(capabilitiesOf(docker, info(), null)).toEqual({
    product: 'docker',
    rootless: false,
    cgroupVersion: 2,
    groups: true,
    limits: { memory: true, cpus: true, processes: true },
    changeLimits: true,
    networksApart: true,
    securityOptions: ['seccomp'],
    storageDriver: 'overlay2',
    swarm: 'none',
    swarmNodeId: null,
    swarmId: null,
    daemonId: 'ABCD:EFGH',
  })
})

it('one without root, on control groups of the first version, cannot limit anything', () => {
  const options = ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns']
  const limits = { MemoryLimit: false, CpuCfsQuota: false, PidsLimit: false }
  expect(
    capabilitiesOf(docker, info({ SecurityOptions: options, CgroupVersion: '1', CgroupDriver: 'none', ...limits }), null),
  ).toMatchObject({
    rootless: true,
    cgroupVersion: 1,
    groups: false,
    limits: { memory: false, cpus: false, processes: false },
    changeLimits: false,
    securityOptions: ['seccomp', 'rootless', 'cgroupns'],
  })
})

it('says which part in a swarm it has', () => {
  const swarm = (LocalNodeState: string, ControlAvailable: boolean) =>
    capabilitiesOf(docker, info({ Swarm: { LocalNodeState, ControlAvailable } }), null).swarm
  expect([swarm('inactive', false), swarm('active', false), swarm('active', true)]).toEqual(['none', 'worker', 'manager'])
})

it('an engine that says little is taken to be able to do little', () => {
  const little = infoSchema.parse({ OperatingSystem: 'x', Architecture: 'x', NCPU: 1, MemTotal: 1 })
  expect(capabilitiesOf(versionSchema.parse({ Version: '1', ApiVersion: '1' }), little, null)).toMatchObject({
    product: 'docker',
    cgroupVersion: 1,
    limits: { memory: false, cpus: false, processes: false },
    swarm: 'none',
    swarmNodeId: null,
    swarmId: null,
  })
})

it('Podman changes limits from 4.3 on, and cannot keep a network apart', () => {
  const of = (version: string) => capabilitiesOf(podman(version), info(), libpod())
  expect(['4.2.1', '4.3.1', '5.4.2'].map((version) => of(version).changeLimits)).toEqual([false, true, true])
  expect(of('5.4.2')).toMatchObject({ product: 'podman', networksApart: false, rootless: false })
})

it('Podman without root has control groups of version 2 only', () => {
  const host = { security: { rootless: true } }
  const groups = (CgroupVersion: string) => capabilitiesOf(podman('5.4.2'), info({ CgroupVersion }), libpod({ host })).groups
  expect([groups('1'), groups('2')]).toEqual([false, true])
})

it('Podman without root can limit what its user was given', () => {
  const host = { cgroupControllers: ['memory', 'pids'], security: { rootless: true } }
  expect(capabilitiesOf(podman('5.4.2'), info(), libpod({ host }))).toMatchObject({
    rootless: true,
    limits: { memory: true, cpus: false, processes: true },
  })
})

it('Podman is known again by its machine, its folder and its user, as its id is another each time', () => {
  const idOf = (ID: string, given: Parameters<typeof libpod>[0] = {}) =>
    capabilitiesOf(podman('4.3.1'), info({ ID }), libpod(given)).daemonId
  expect(idOf('one')).toBe(idOf('two'))
  const mapped = { idMappings: { uidmap: [{ container_id: 0, host_id: 1000 }] } }
  const others = [
    idOf('one'),
    idOf('one', { graphRoot: '/home/a' }),
    idOf('one', { host: { hostname: 'b' } }),
    idOf('one', { host: mapped }),
  ]
  expect(new Set(others).size).toBe(4)
})
