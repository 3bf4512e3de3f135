import { Mutex } from 'async-mutex'
import type { Settings } from '../../../shared/contract/settings'
import { BerthError, isBerthError } from '../../../shared/errors'
import { sshHostOf } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'
import type { Engine } from '../../engine/engine'
import { type JoinedNetwork, mtuOf } from '../../engine/networks'
import { freeSubnet, localSubnets } from '../../engine/subnets'
import { log } from '../../log'
import type { Records, WorkspaceRecord } from '../../settings/records'
import { LABEL_OWNER, LABEL_ROLE } from '../../storage/drivers/storage-context'

/** Addresses for a thousand workspaces, and for the largest group. */
const ALL_BITS = 22
const GROUP_BITS = 25
const CREATION_TRIES = 4
/** The engine's network for containers that name none. */
const DEFAULT_NETWORK = 'bridge'

interface WorkspaceNetworkOptions {
  engine: Pick<Engine, 'networks' | 'isLocal' | 'state'>
  installationId: string
  records: Pick<Records, 'list' | 'get'>
  settings: () => Pick<Settings, 'visibleWorkspaces'>
  /** The container of a workspace that is running; null for any other. */
  runningContainer: (workspaceId: string) => string | null
  /** Has a group in the settings follow a workspace that was renamed. */
  updateGroups: (groups: Settings['visibleWorkspaces']) => void
}

/**
 * The workspaces' own network, on which they do not reach each other, and one more for each group of the setting `visibleWorkspaces`,
 * on which they do. All carry this Berth's label, and are made when they are needed: the engine's clean-up removes a network that
 * no running container is on.
 */
export interface WorkspaceNetwork {
  /** The name of the network to create a container on; null for the engine's default one, where `join` says why. */
  forNewContainer(notice: (text: string) => void): Promise<string | null>
  /**
   * Before each start: connects the stopped container to its networks. Returns whether anything changed. Impossible parts are reported with
   * `notice`.
   */
  join(record: WorkspaceRecord, containerId: string, notice: (text: string) => void): Promise<boolean>
  /** Brings the groups of workspaces that are running in line with the settings. Failures are logged. */
  onSettings(): void
  onWorkspace(workspace: Workspace): void
  /** With the last workspace the networks go too. */
  onWorkspaceRemoved(workspaceId: string): void
  /** Resolves when what was begun has ended. */
  settled(): Promise<void>
}

export function createWorkspaceNetwork(options: WorkspaceNetworkOptions): WorkspaceNetwork {
  const { engine, installationId, records, settings, runningContainer } = options
  const { networks } = engine
  const mutex = new Mutex()
  const names = new Map<string, string>()
  const ownName = `berth.${installationId}`
  const groupName = (index: number) => `${ownName}.group-${index + 1}`
  const isOwn = (name: string) => name === ownName || name.startsWith(`${ownName}.`)
  let lastGroups = JSON.stringify(settings().visibleWorkspaces)

  /** Networks of the groups that name the workspace. */
  const groupsOf = (name: string) =>
    settings().visibleWorkspaces.flatMap((group, index) => (group.includes(name) ? [groupName(index)] : []))

  /** The id of the network, which is made where it is not there. */
  async function ensure(name: string, notice: (text: string) => void): Promise<string> {
    const existing = await networks.inspect(name)
    if (existing) {
      if (existing.labels[LABEL_OWNER] === installationId) return existing.id
      throw new BerthError('FOREIGN_RESOURCE', `The engine has a network named ${name} that does not belong to this Berth.`, {
        resource: 'network',
        name,
        next: 'Remove or rename it if it is not needed. Berth does not touch it.',
      })
    }
    const isGroup = name !== ownName
    const made = await createOnFreeSubnet(name, isGroup)
    if (!isGroup && !(await networks.filtersBridges())) {
      notice(
        'Workspaces can reach each other, because the engine’s machine does not filter bridge traffic (the kernel module br_netfilter is missing).',
      )
    }
    return made
  }

  /** Another Berth on the engine may take the same subnet at the same moment. */
  async function createOnFreeSubnet(name: string, isGroup: boolean): Promise<string> {
    for (let tries = 1; ; tries++) {
      try {
        return await create(name, isGroup)
      } catch (error) {
        if (!isBerthError(error, 'ENGINE_REFUSED') || tries === CREATION_TRIES) throw error
      }
    }
  }

  async function create(name: string, isGroup: boolean): Promise<string> {
    const all = await networks.list()
    const taken = all.flatMap(({ subnets }) => subnets)
    if (engine.isLocal()) taken.push(...(await localSubnets()))
    return networks.create({
      name,
      labels: { [LABEL_OWNER]: installationId, [LABEL_ROLE]: 'network' },
      // Where nothing of Berth's is free the engine chooses.
      subnet: freeSubnet(isGroup ? GROUP_BITS : ALL_BITS, taken),
      traffic: isGroup,
      // The way out is by the other network, whatever else a workspace is on.
      internal: isGroup,
      mtu: mtuOf(all.find((network) => network.name === DEFAULT_NETWORK) ?? null),
    })
  }

  /**
   * Connects a container to these of Berth's networks, and to no others of Berth; networks that others connected it to stay. Returns
   * whether anything changed.
   */
  async function settle(containerId: string, name: string, wanted: string[], notice: (text: string) => void): Promise<boolean> {
    // The engine has the plain name on their common network too, and looks there first: to an address that does not answer.
    const aliasesOn = (network: string) => (network === ownName ? [] : [sshHostOf(name)])
    const ids = new Map<string, string>()
    const ensureAll = async () => {
      for (const network of wanted) ids.set(network, await ensure(network, notice))
    }
    const [joined] = await Promise.all([networks.ofContainer(containerId), ensureAll()])
    const isRight = ({ name: network, id, aliases }: JoinedNetwork) =>
      // Before its first start a container has no id of a network: then the name counts.
      (id === '' ? ids.has(network) : ids.get(network) === id) && aliasesOn(network).every((alias) => aliases.includes(alias))
    const surplus = joined.filter((network) => (isOwn(network.name) || network.name === DEFAULT_NETWORK) && !isRight(network))
    for (const network of surplus) {
      // One that is running keeps the network it is reached by; only its groups change meanwhile.
      if (wanted.includes(ownName) || network.name.startsWith(`${ownName}.`)) await networks.disconnect(network.name, containerId)
    }
    const kept = joined.filter(isRight).map((network) => network.name)
    const missing = [...ids].filter(([network]) => !kept.includes(network))
    for (const [network, id] of missing) await networks.connect(id, containerId, aliasesOn(network))
    return surplus.length > 0 || missing.length > 0
  }

  async function applyGroups(): Promise<void> {
    if (engine.state().status !== 'connected') return
    for (const record of records.list()) {
      const containerId = runningContainer(record.id)
      if (containerId !== null) await settle(containerId, record.name, groupsOf(record.name), (text) => log.warn(text))
    }
    const wanted = new Set(records.list().flatMap(({ name }) => groupsOf(name)))
    await removeOwn((name) => name !== ownName && !wanted.has(name))
  }

  async function removeOwn(isSurplus: (name: string) => boolean): Promise<void> {
    for (const { id, name } of await networks.list(`${LABEL_OWNER}=${installationId}`)) if (isSurplus(name)) await networks.remove(id)
  }

  function inBackground(work: () => Promise<void>): void {
    mutex.runExclusive(work).catch((error: unknown) => {
      // At the next start of a workspace it is tried again.
      log.warn({ err: error }, 'the networks of workspaces could not be changed')
    })
  }

  const isPodman = () => {
    const state = engine.state()
    return state.status === 'connected' && state.product === 'podman'
  }

  return {
    forNewContainer: (notice) =>
      mutex.runExclusive(async () => {
        if (isPodman()) return null
        try {
          await ensure(ownName, notice)
          return ownName
        } catch (error) {
          if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
          return null
        }
      }),
    join: (record, containerId, notice) =>
      mutex.runExclusive(async () => {
        if (isPodman()) {
          notice('Workspaces on Podman can reach each other, because Podman cannot isolate containers of one network.')
          return false
        }
        try {
          return await settle(containerId, record.name, [ownName, ...groupsOf(record.name)], notice)
        } catch (error) {
          if (!isBerthError(error, 'ENGINE_REFUSED') || (await networks.ofContainer(containerId)).length === 0) throw error
          notice(`Other containers may be able to reach it, because it could not be put on its own network (${error.data.reason}).`)
          return false
        }
      }),
    onSettings() {
      const groups = JSON.stringify(settings().visibleWorkspaces)
      if (groups === lastGroups) return
      lastGroups = groups
      inBackground(applyGroups)
    },
    onWorkspace({ id, name }) {
      const before = names.get(id)
      names.set(id, name)
      if (before === undefined || before === name) return
      const groups = settings().visibleWorkspaces
      if (groups.some((group) => group.includes(before))) {
        options.updateGroups(groups.map((group) => group.map((member) => (member === before ? name : member))))
      }
    },
    onWorkspaceRemoved(workspaceId) {
      names.delete(workspaceId)
      if (records.list().length > 0 || engine.state().status !== 'connected') return
      inBackground(async () => {
        if (records.list().length === 0) await removeOwn(() => true)
      })
    },
    settled: () => mutex.waitForUnlock(),
  }
}
