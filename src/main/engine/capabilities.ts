import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { EngineCapabilities } from '../../shared/contract/engines'

/** What is read of `GET /version`. */
export const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string(), Version: z.string().nullish() })).nullish(),
})

/** What is read of `GET /info`. Engines leave out what they do not know. */
export const infoSchema = z.object({
  ID: z.string().nullish(),
  Name: z.string().nullish(),
  OperatingSystem: z.string(),
  Architecture: z.string(),
  NCPU: z.number(),
  MemTotal: z.number(),
  Driver: z.string().nullish(),
  DockerRootDir: z.string().nullish(),
  CgroupDriver: z.string().nullish(),
  CgroupVersion: z.string().nullish(),
  MemoryLimit: z.boolean().nullish(),
  CpuCfsQuota: z.boolean().nullish(),
  PidsLimit: z.boolean().nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
  Swarm: z
    .object({
      LocalNodeState: z.string().nullish(),
      ControlAvailable: z.boolean().nullish(),
      NodeID: z.string().nullish(),
      Cluster: z.object({ ID: z.string().nullish() }).nullish(),
    })
    .nullish(),
})

/** What is read of Podman's own `GET /libpod/info`: whose engine it is, and what its user may limit. */
export const libpodInfoSchema = z.object({
  host: z.object({
    hostname: z.string().nullish(),
    cgroupControllers: z.array(z.string()).nullish(),
    idMappings: z.object({ uidmap: z.array(z.object({ container_id: z.number(), host_id: z.number() })).nullish() }).nullish(),
    security: z.object({ rootless: z.boolean().nullish() }).nullish(),
  }),
  store: z.object({ graphRoot: z.string().nullish() }),
})

export type EngineVersion = z.infer<typeof versionSchema>
export type EngineInfo = z.infer<typeof infoSchema>
export type LibpodInfo = z.infer<typeof libpodInfoSchema>

const PODMAN = 'Podman Engine'
/** The first Podman that changes limits of a container that runs. */
const PODMAN_UPDATE = { major: 4, minor: 3 }

export function isPodman(version: EngineVersion): boolean {
  return podmanVersion(version) !== null
}

/** What the engine says of itself, put together. `libpod` is null for Docker. */
export function capabilitiesOf(version: EngineVersion, info: EngineInfo, libpod: LibpodInfo | null): EngineCapabilities {
  const podman = podmanVersion(version)
  // “name=seccomp,profile=default”
  const securityOptions = (info.SecurityOptions ?? []).flatMap((option) => /^name=([^,]+)/.exec(option)?.[1] ?? [])
  const limits = limitsOf(info, libpod)
  const rootless = libpod?.host.security?.rootless ?? securityOptions.includes('rootless')
  const cgroupVersion = info.CgroupVersion === '2' ? 2 : 1
  const canLimit = limits.memory || limits.cpus || limits.processes
  return {
    product: podman === null ? 'docker' : 'podman',
    rootless,
    cgroupVersion,
    // Only version 2 is given to users. Docker reports when it has none; Podman reports which one it would use.
    groups: info.CgroupDriver !== 'none' && !(podman !== null && rootless && cgroupVersion === 1),
    limits,
    changeLimits: canLimit && (podman === null || isAtLeast(podman, PODMAN_UPDATE)),
    // It has no `enable_icc`: containers of one network always reach each other.
    networksApart: podman === null,
    securityOptions,
    storageDriver: info.Driver ?? '',
    swarm: swarmOf(info),
    swarmNodeId: info.Swarm?.NodeID || null,
    swarmId: info.Swarm?.Cluster?.ID || null,
    // Up to Docker 24, engines of one machine share the ID of its key: where they keep their data tells them apart.
    daemonId: podman === null && info.ID ? `${info.ID} ${info.DockerRootDir ?? ''}`.trim() : derivedId(info, libpod),
  }
}

/**
 * Without root, Podman has those control groups only that its user was given. It says so in its own words; in Docker's it
 * tells of the machine.
 */
function limitsOf(info: EngineInfo, libpod: LibpodInfo | null): EngineCapabilities['limits'] {
  const controllers = libpod?.host.cgroupControllers
  const given = (name: string) => controllers == null || controllers.includes(name)
  return {
    memory: (info.MemoryLimit ?? false) && given('memory'),
    cpus: (info.CpuCfsQuota ?? false) && given('cpu'),
    processes: (info.PidsLimit ?? false) && given('pids'),
  }
}

function swarmOf({ Swarm: swarm }: EngineInfo): EngineCapabilities['swarm'] {
  if (swarm?.LocalNodeState !== 'active') return 'none'
  return swarm.ControlAvailable ? 'manager' : 'worker'
}

/** Podman gives a new random ID to each who asks. One that keeps its data in the same folder of the same machine is the same. */
function derivedId(info: EngineInfo, libpod: LibpodInfo | null): string {
  const owner = libpod?.host.idMappings?.uidmap?.find(({ container_id }) => container_id === 0)?.host_id ?? 0
  const what = [libpod?.host.hostname ?? info.Name ?? '', libpod?.store.graphRoot ?? info.DockerRootDir ?? '', owner]
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32)
}

function podmanVersion({ Components: components }: EngineVersion): string | null {
  const engine = components?.find(({ Name }) => Name === PODMAN)
  return engine ? (engine.Version ?? '') : null
}

function isAtLeast(version: string, { major, minor }: { major: number; minor: number }): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}
