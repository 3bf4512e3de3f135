import type { Adoptable } from '../../../shared/adoptable'
import { environmentSchema, type SealedEnvironment, sealEnvironment } from '../../../shared/environment'
import { BerthError } from '../../../shared/errors'
import { changeLimits, limitsPatchSchema, NO_LIMITS } from '../../../shared/limits'
import { configurationOf, initialConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { ContainerDetails } from '../../engine/containers'
import type { OperationDefinition } from '../../operations/operation-definition'
import { readHandedOver } from '../../provisioning/handed-over'
import type { WorkspaceRecord } from '../../settings/records'
import { givenVariables, identityVariables } from '../base/environment'
import { describeNeighbour } from '../base/foreign-workspaces'
import type { WorkspaceServices } from '../base/lifecycle-services'
import type { NameReservations } from '../base/name-reservations'
import { placedDefinition } from '../base/placed-definition'
import type { Place } from '../base/places'
import type { StartedOperation } from '../base/started-operation'
import { newWorkspaceId } from '../base/workspace-id'
import { containerName, hasNeverHeldSecrets, recordFromContainer } from '../base/workspace-resources'
import { adoptDefinition } from './adoption-steps'

/** Workspaces that another tool made, and how they become this Berth's. */
export interface Adoption {
  list(): Promise<Adoptable[]>
  /**
   * By its name, or the name or id of its container. Throws WORKSPACE_NOT_FOUND, NOT_ADOPTABLE, NAME_TAKEN, and WORKSPACE_RUNNING unless
   * `stop`, before anything is done.
   */
  adopt(reference: string, options: { stop: boolean; start: boolean }): Promise<StartedOperation>
  definitions(): OperationDefinition<never>[]
}

export function createAdoption(services: WorkspaceServices, nameReservations: NameReservations): Adoption {
  const { installationId } = services
  const definition = placedDefinition(services, (placed) => adoptDefinition(placed, nameReservations.onReserved))

  interface Found {
    place: Place
    adoptable: Adoptable
    details: ContainerDetails
  }

  async function findAt(place: Place, reference: string): Promise<Found | null> {
    const { engine, foreignWorkspaces, name: engineName } = place
    const found = (await foreignWorkspaces.list()).find(isNamed(reference))
    // Its event may still be on the way.
    const named = found ? [found.containerId] : [containerName(reference), reference]
    const looked = await Promise.all(named.map((name) => engine.containers.inspect(name)))
    const details = looked.find((container) => container !== null && describe(container, engineName) !== null) ?? null
    const adoptable = details && describe(details, engineName)
    return details && adoptable ? { place, adoptable, details } : null
  }

  const describe = (details: ContainerDetails, engine: string) => describeNeighbour(details, { installationId, engine })

  /** On the engines that answer. Throws ENGINE_UNREACHABLE when none does. */
  async function readyPlaces(): Promise<Place[]> {
    const places = services.places.list()
    const tried = await Promise.allSettled(places.map(({ ready }) => ready()))
    const there = places.filter((_, index) => tried[index]?.status === 'fulfilled')
    const [first] = tried
    if (there.length === 0 && first?.status === 'rejected') throw first.reason
    return there
  }

  /** Throws NOT_ADOPTABLE when several engines have one of that name. */
  async function find(reference: string): Promise<Found> {
    const knowing = services.places.list().filter(({ foreignWorkspaces }) => foreignWorkspaces.current().some(isNamed(reference)))
    if (knowing.length > 1) throw onSeveral(reference, knowing)
    // An unreachable engine does not block requests about another one.
    for (const { ready } of knowing) await ready()
    return findIn(reference, knowing.length > 0 ? knowing : await readyPlaces())
  }

  async function findIn(reference: string, places: Place[]): Promise<Found> {
    for (const place of places) {
      const found = await findAt(place, reference)
      if (found) return found
    }
    throw new BerthError('WORKSPACE_NOT_FOUND', `There is no workspace “${reference}” of another tool on an engine that answers.`, {
      workspace: reference,
      next: '“berth adopt” lists the workspaces that can be adopted.',
    })
  }

  async function recordOf(id: string, { place, adoptable, details }: Found): Promise<WorkspaceRecord> {
    const { home, docker } = adoptable.volumes
    if (home === null || docker === null) throw notAdoptable(adoptable.name, 'It has no volume.')
    const berth = recordFromContainer(details)
    return {
      ...(berth ? configurationOf(berth) : { ...initialConfiguration, image: adoptable.image }),
      place: place.id,
      id,
      name: adoptable.name,
      repoCredential: null,
      repoState: berth?.repoState ?? 'none',
      furtherRepoStates: {},
      env: await givenEnvironment(place, details),
      limits: limitsOf(details),
      volumes: { home, docker },
      adoptedVolumes: [home, docker],
      hostKeys: [],
      nestedEngine: null,
      keptLayer: null,
      storage: 'plain',
      sshPort: null,
      problem: null,
      createdAt: adoptable.createdAt,
      startedAt: null,
      lastUsedAt: null,
    }
  }

  /**
   * What it was given over what its image has, or was handed over by another Berth, if it is running. A variable that Berth cannot pass on stays
   * in the layer of its container.
   */
  async function givenEnvironment({ engine }: Place, details: ContainerDetails): Promise<SealedEnvironment> {
    const identity = identityVariables({ id: '', name: '' })
    const ofContainer = givenVariables(details, await engine.images.inspect(details.imageId))
    const handedOver = hasNeverHeldSecrets(details) && details.running ? await readHandedOver(engine.exec, details.id) : []
    // Defaults from the settings are not a choice of its own.
    const surroundings = services.handOvers.surroundingsOf(details.labels)
    const given = [...ofContainer, ...handedOver].filter(([name, value]) => !(name in identity) && surroundings[name] !== value)
    const usable = given.filter(([name, value]) => environmentSchema.safeParse({ [name]: value }).success)
    return sealEnvironment(Object.fromEntries(usable), services.secrets.seal)
  }

  return {
    list: async () => {
      const lists = (await readyPlaces()).map(({ foreignWorkspaces }) => foreignWorkspaces.list())
      return (await Promise.all(lists)).flat()
    },
    async adopt(reference, { stop, start }) {
      const found = await find(reference)
      const { place } = found
      const { name } = found.adoptable
      return nameReservations.withName(name, async () => {
        const id = newWorkspaceId()
        return nameReservations.begin(definition, { id, name }, async () => {
          // As it is now that nobody else of this Berth's can take it.
          const again = await findIn(found.adoptable.containerId, [place])
          const { adoptable, details } = again
          const { name, obstacle } = adoptable
          if (obstacle !== null) throw notAdoptable(name, obstacle)
          if (details.running && !stop) throw running(name)
          const record = await recordOf(id, again)
          const container = { id: details.id, name: details.name, wasRunning: details.running }
          const isForeign = adoptable.from !== 'berth'
          return { place: place.id, id, name, record, container, isForeign, port: adoptable.sshPort, start }
        })
      })
    },
    definitions: () => [definition] as unknown as OperationDefinition<never>[],
  }
}

/** As the engine holds it to them; one below what Berth sets is left out. */
function limitsOf({ limits }: ContainerDetails): WorkspaceRecord['limits'] {
  const kept = Object.entries(limits).filter(([name, value]) => limitsPatchSchema.safeParse({ [name]: value }).success)
  return changeLimits(NO_LIMITS, Object.fromEntries(kept))
}

const isNamed =
  (reference: string) =>
  ({ name, containerId, containerName: ownName }: Adoptable) =>
    [name, containerId, ownName].includes(reference)

function onSeveral(name: string, places: Place[]): BerthError {
  const reason = `place.name).join(', ')}. => Several engines have a workspace of this name: ${places.map((place) => place.name).join(', ')}. => place.name).join(', ')}.`
  return new BerthError('NOT_ADOPTABLE', `${name} cannot be adopted. ${reason}`, {
    name,
    reason,
    next: 'Use the id of its container instead.',
  })
}

function notAdoptable(name: string, reason: string): BerthError {
  return new BerthError('NOT_ADOPTABLE', `${name} cannot be adopted. ${reason}`, {
    name,
    reason,
    next: 'Nothing was changed. Correct this with the tool that created the workspace, then try again.',
  })
}

function running(workspace: string): BerthError {
  return new BerthError('WORKSPACE_RUNNING', `${workspace} is running, but its container must be recreated.`, {
    workspace,
    next: `Stop it with the tool that created it, or let Berth stop it for a few seconds.`,
  })
}
