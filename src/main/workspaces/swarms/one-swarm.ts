import type { SwarmNodeView, SwarmView } from '../../../shared/contract/swarms'
import type { Problem } from '../../../shared/error-definitions'
import { BerthError, isBerthError, toProblem } from '../../../shared/errors'
import type { ReservationSpec, SwarmNode, SwarmService } from '../../engine/swarm'
import { log } from '../../log'
import type { SwarmEntry } from '../../settings/engine-list'
import type { Placement, WorkspaceRecord } from '../../settings/records'
import { unexpectedError } from '../../unexpected-error'
import type { ChosenPlace, PlaceWish } from '../base/places'
import type { EnginePlace } from '../places/engine-place'
import { givenEngineOf, givenText, nodeEngineName } from './node-address'
import { chosenNode } from './placement'
import { isAs, NO_IMAGE_YET, nodeOf, ownReservations, pinned, reservationOn, unplaced, workspaceOf } from './reservation'
import { swarmLacks } from './swarm-lacks'
import type { SwarmSurroundings } from './swarm-surroundings'

/** A Swarm that is used. */
export interface OneSwarm {
  view(): SwarmView
  /** Has Swarm choose a node, and keeps that room while `work` begins what brings the workspace there. As of `Places.choose`. */
  withNode<Result>(wish: PlaceWish, work: (chosen: ChosenPlace) => Promise<Result>): Promise<Result>
  claim(record: WorkspaceRecord, imageId: string, notice: (text: string) => void): Promise<void>
  /** Matches services with workspaces, soon and once for all requests: running workspaces have a reservation. */
  settleSoon(): void
  /** Nodes that could not be reached are tried again, and workspaces that could not leave theirs. */
  tryAgain(): void
  /** Resolves when all of its nodes that can be are reached. */
  settled(): Promise<void>
  close(): void
}

/** What comes close together is one look. */
const SETTLE_MS = 200

export function createOneSwarm(entry: () => SwarmEntry, surroundings: SwarmSurroundings): OneSwarm {
  const { records, operations, engines, installationId, publish } = surroundings
  let nodes: SwarmNode[] = []
  /** By node: why its engine is not reached. */
  const unreached = new Map<string, Problem>()
  /** By workspace: why it could not leave its node. */
  const unmoved = new Map<string, Problem>()
  /** Services that operations are about to need. */
  const promised = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let current: Promise<void> = Promise.resolve()
  let isMoving = false
  let closed = false

  const manager = () => engines.answeringManager(entry().swarmId)

  function theManager(): EnginePlace {
    const found = manager()
    if (found) return found
    throw new BerthError('SWARM_NO_MANAGER', `No manager of the Swarm ${entry().name} answers.`, {
      swarm: entry().name,
      engine: surroundings.engineName(entry().manager),
      next: 'Start the engine of a manager. Running workspaces are not affected.',
    })
  }

  const placeOfNode = (nodeId: string) => engines.places().find(({ id }) => surroundings.nodeOfPlace(id) === nodeId) ?? null
  const isThere = (place: EnginePlace | null) => place?.engine.state().status === 'connected'
  /** Workspaces whose node it has chosen. */
  const placed = () => records.list().filter(({ placement }) => placement?.swarm === entry().id)
  const onNode = (nodeId: string) => placed().filter(({ place }) => surroundings.nodeOfPlace(place) === nodeId)

  const onDrainedNodes = () => nodes.filter(({ availability }) => availability === 'drain').flatMap(({ id }) => onNode(id))

  /** Reads the nodes, and begins to use the engines of those that are ready. */
  async function look(by: EnginePlace): Promise<void> {
    nodes = (await by.engine.swarm.nodes()).toSorted((one, other) => one.hostname.localeCompare(other.hostname))
    await Promise.all(nodes.map(reach))
  }

  async function reach(node: SwarmNode): Promise<void> {
    if (node.state !== 'ready' || placeOfNode(node.id) || unreached.has(node.id)) return
    const given = givenEngineOf(entry(), node)
    if (given === null) return
    try {
      const name = nodeEngineName(
        entry().name,
        node,
        engines.list().map((engine) => engine.name),
      )
      await engines.add({ name, ...given }, ({ capabilities }) => {
        if (capabilities.swarmNodeId !== node.id) throw otherNode(entry().name, node, givenText(given))
      })
    } catch (error) {
      unreached.set(node.id, problemOf(error, 'the engine of a node could not be reached'))
    }
  }

  async function place(wish: PlaceWish): Promise<{ serviceId: string; chosen: ChosenPlace }> {
    const by = theManager()
    await look(by)
    publish()
    const { swarm } = by.engine
    const { name, id } = entry()
    const constraints = wish.constraints ?? []
    const apart = nodes.filter((node) => !isThere(placeOfNode(node.id)))
    const spec = unplaced(wish, installationId, [...constraints, ...apart.map((node) => `node.id!=${node.id}`)])
    const serviceId = await swarm.createService(spec)
    promised.add(serviceId)
    try {
      const node = await chosenNode(swarm, serviceId, { swarm: name, workspace: wish.name, isNew: true, next: roomAdvice(apart) })
      const target = placeOfNode(node)
      if (!target) throw new Error(`the Swarm ${name} chose the excluded node ${node}`)
      await swarm.updateService(serviceId, pinned(wish, installationId, node, spec))
      return { serviceId, chosen: { place: target, placement: { swarm: id, constraints } satisfies Placement } }
    } catch (error) {
      promised.delete(serviceId)
      settleSoon()
      throw error
    }
  }

  /** Holds what is to be held and lets go of the rest; leaves alone what operations are at work on. */
  async function reconcile(by: EnginePlace): Promise<void> {
    const { swarm } = by.engine
    const services = await swarm.services(ownReservations(installationId))
    const wanted = new Map(placed().map((record) => [record.id, record]))
    for (const service of services) {
      const id = workspaceOf(service)
      if (id === null || promised.has(service.id) || operations.holds(id)) continue
      const record = wanted.get(id)
      if (!record || nodeOf(service) !== surroundings.nodeOfPlace(record.place)) await swarm.removeService(service.id)
    }
    for (const record of wanted.values()) {
      if (operations.holds(record.id)) continue
      const node = surroundings.nodeOfPlace(record.place)
      if (node === null) continue
      const service = reservationOn(node, record, services)
      const isHeld = surroundings.runs(record)
      await apply(by, service, pinned(record, installationId, node, { image: service?.image ?? NO_IMAGE_YET, isHeld }))
    }
  }

  /** Returns the id of the service. */
  async function apply(by: EnginePlace, service: SwarmService | undefined, spec: ReservationSpec): Promise<string> {
    const { swarm } = by.engine
    if (!service) return swarm.createService(spec)
    if (!isAs(service, spec)) await swarm.updateService(service.id, spec)
    return service.id
  }

  /** One after the other: each is a copy of a whole disk. */
  async function leaveDrained(): Promise<void> {
    if (isMoving || !entry().movesOnDrain) return
    const stays = ({ id }: WorkspaceRecord) => unmoved.has(id) || operations.holds(id)
    const next = onDrainedNodes().find((record) => !stays(record))
    if (!next) return
    isMoving = true
    try {
      const problem = await surroundings.move(next.id, { engine: entry().id, constraints: next.placement?.constraints ?? [] })
      if (problem) unmoved.set(next.id, problem)
    } catch (error) {
      // Somebody else works on it: the end of that has this tried again.
      if (!isBerthError(error, 'WORKSPACE_BUSY')) unmoved.set(next.id, problemOf(error, 'a workspace could not leave a node'))
    } finally {
      isMoving = false
      publish()
      settleSoon()
    }
  }

  async function settle(): Promise<void> {
    const by = manager()
    if (by && !closed) {
      await look(by)
      await reconcile(by)
      const drained = new Set(onDrainedNodes().map(({ id }) => id))
      for (const id of unmoved.keys()) if (!drained.has(id)) unmoved.delete(id)
      void leaveDrained()
    }
    publish()
  }

  function settleSoon(): void {
    if (timer || closed) return
    timer = setTimeout(() => {
      timer = null
      current = current.then(settle).catch((error: unknown) => {
        // The engine that is lost is connected again, and this is done again.
        log.warn({ err: error, swarm: entry().name }, 'the reservations of a Swarm could not be updated')
      })
    }, SETTLE_MS)
  }

  function nodeView(node: SwarmNode): SwarmNodeView {
    return {
      ...node,
      engine: placeOfNode(node.id)?.name ?? null,
      problem: placeOfNode(node.id) ? null : (unreached.get(node.id) ?? null),
      workspaces: onNode(node.id).map(({ name }) => name),
    }
  }

  return {
    view() {
      const { id, name, rule, tlsFolder, nodes: addresses, movesOnDrain } = entry()
      const by = manager()
      const state = by?.engine.state()
      return {
        ...{ id, name, rule, tlsFolder, addresses, movesOnDrain },
        isDefault: surroundings.isDefault(entry()),
        manager: by?.name ?? null,
        nodes: nodes.map(nodeView),
        lacks: state?.status === 'connected' ? swarmLacks(state.apiVersion) : [],
        unmoved: [...unmoved].flatMap(([workspaceId, problem]) => {
          const record = records.get(workspaceId)
          return record ? [{ workspace: record.name, problem }] : []
        }),
      }
    },
    async withNode(wish, work) {
      const { serviceId, chosen } = await place(wish)
      try {
        return await work(chosen)
      } finally {
        promised.delete(serviceId)
        settleSoon()
      }
    },
    async claim(record, image, notice) {
      const by = manager()
      const node = surroundings.nodeOfPlace(record.place)
      if (!by || node === null) {
        notice(`No manager of the Swarm ${entry().name} answers, so ${record.name} starts without a reservation.`)
        return
      }
      const services = await by.engine.swarm.services(ownReservations(installationId))
      const service = reservationOn(node, record, services)
      const spec = pinned(record, installationId, node, { image, isHeld: true })
      const serviceId = await apply(by, service, spec)
      try {
        const next = `Stop other workspaces on that node, or let Swarm choose another node: berth move ${record.name} --engine ${entry().name}`
        await chosenNode(by.engine.swarm, serviceId, { swarm: entry().name, workspace: record.name, isNew: false, next })
      } catch (error) {
        // What does not run waits for nothing.
        await by.engine.swarm.updateService(serviceId, { ...spec, isHeld: false })
        throw error
      }
    },
    settleSoon,
    tryAgain() {
      unreached.clear()
      unmoved.clear()
      settleSoon()
    },
    async settled() {
      current = current.then(settle)
      await current
    },
    close() {
      closed = true
      if (timer) clearTimeout(timer)
    },
  }
}

function problemOf(error: unknown, what: string): Problem {
  return toProblem(isBerthError(error) ? error : unexpectedError(error, what))
}

function roomAdvice(apart: SwarmNode[]): string {
  const advice = 'Free resources on its nodes, or lower the limits.'
  if (apart.length === 0) return advice
  return `${advice} Berth cannot reach ${apart.map(({ hostname }) => hostname).join(', ')}: see “berth swarm nodes”.`
}

function otherNode(swarm: string, { hostname }: SwarmNode, address: string): BerthError {
  return new BerthError('SWARM_NODE_UNREACHED', `The engine at ${address} is not the node ${hostname} of ${swarm}.`, {
    swarm,
    node: hostname,
    address,
    next: 'Set the address of that node: “berth swarm set”.',
  })
}
