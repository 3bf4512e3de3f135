import { z } from 'zod'
import { problemSchema } from './error-definitions'

/** What a repository may have of them; more are left out. */
export const MAX_DEVCONTAINER_CONFIGS = 20

/** Path of a `devcontainer.json` below the repository, as “.devcontainer/devcontainer.json”. */
export const devcontainerPathSchema = z.string().min(1).max(1024)

/** The dev container as the CLI has made it. What comes from inside is bounded here. */
const containerSchema = z.object({
  /** On the engine inside the workspace. */
  id: z.string().regex(/^[0-9a-f]{12,64}$/),
  name: z.string().max(255),
  user: z.string().min(1).max(64),
  /** Where its terminals and commands begin, inside it. */
  folder: z.string().max(1024).startsWith('/'),
  /** Of docker compose, where it is one of several services. */
  project: z.string().max(128).nullable(),
  /** Of the configuration that it was made from. */
  path: devcontainerPathSchema,
  /** Of the files of that configuration as they were then; null where they could not be read. */
  digest: z.string().max(128).nullable(),
  builtAt: z.iso.datetime(),
})
export type DevcontainerContainer = z.infer<typeof containerSchema>

/** A port of `forwardPorts`: of the dev container itself, or of another container beside it. */
export const devcontainerForwardSchema = z.object({ port: z.number().int().min(1).max(65535), container: z.string().max(255) })
export type DevcontainerForward = z.infer<typeof devcontainerForwardSchema>

/** What a record holds of the dev container of its workspace. */
export const devcontainerRecordSchema = z.object({
  /** Paths of all configurations in the repository, in the order in which they are preferred. */
  paths: z.array(devcontainerPathSchema).max(MAX_DEVCONTAINER_CONFIGS),
  /** The one that was chosen; null for the first. */
  chosen: devcontainerPathSchema.nullable(),
  /** Of the files of that configuration when they were last looked at. */
  digest: z.string().max(128).nullable(),
  /** It was opened and not stopped since: it comes up again with its workspace. */
  isOpen: z.boolean(),
  /** It is up in the present run of the workspace, as far as Berth knows. */
  isRunning: z.boolean(),
  container: containerSchema.nullable(),
  /** Forwards that Berth has made for it. */
  forwards: z.array(devcontainerForwardSchema).max(64),
  /** Why it could not be brought up the last time. */
  problem: problemSchema.nullable(),
})
export type DevcontainerRecord = z.infer<typeof devcontainerRecordSchema>

/** As doors see it. */
export const devcontainerStateSchema = z.object({
  state: z
    .enum(['none', 'found', 'building', 'running', 'failed', 'stopped'])
    .describe('`found`: the repository has a configuration that has not been opened yet.'),
  path: devcontainerPathSchema.nullable().describe('Path of the configuration in use, or that would be used, within the repository.'),
  paths: z.array(devcontainerPathSchema).describe('Paths of all configurations in the repository.'),
  changed: z.boolean().describe('Whether the configuration has changed since it was built; a rebuild brings it up to date.'),
  container: containerSchema.pick({ id: true, name: true, user: true, folder: true, builtAt: true }).nullable(),
  problem: problemSchema.nullable(),
})
export type DevcontainerState = z.infer<typeof devcontainerStateSchema>

export const NO_DEVCONTAINER: DevcontainerState = {
  state: 'none',
  path: null,
  paths: [],
  changed: false,
  container: null,
  problem: null,
}

/** Of a workspace in which nothing was found, or that was never looked at. */
export const EMPTY_DEVCONTAINER_RECORD: DevcontainerRecord = {
  paths: [],
  chosen: null,
  digest: null,
  isOpen: false,
  isRunning: false,
  container: null,
  forwards: [],
  problem: null,
}

/** The configuration that counts: the chosen one as long as it is there. */
export function usedConfig({ paths, chosen }: Pick<DevcontainerRecord, 'paths' | 'chosen'>): string | null {
  return (chosen !== null && paths.includes(chosen) ? chosen : paths[0]) ?? null
}

/** How the dev container is. `isReady`: its workspace is running. */
export function devcontainerState(
  record: DevcontainerRecord | undefined,
  { isReady, isBuilding }: { isReady: boolean; isBuilding: boolean },
): DevcontainerState {
  if (record === undefined) return isBuilding ? { ...NO_DEVCONTAINER, state: 'building' } : NO_DEVCONTAINER
  const { paths, container, problem, digest } = record
  const path = usedConfig(record)
  const shown = container && {
    ...{ id: container.id, name: container.name, user: container.user, folder: container.folder, builtAt: container.builtAt },
  }
  const changed = container !== null && path !== null && (container.path !== path || (digest !== null && container.digest !== digest))
  return { state: stateOf(), path, paths, changed, container: shown, problem }

  function stateOf(): DevcontainerState['state'] {
    if (isBuilding) return 'building'
    if (record?.isRunning && isReady) return 'running'
    if (problem !== null) return 'failed'
    if (container !== null) return 'stopped'
    return path === null ? 'none' : 'found'
  }
}

/** In a workspace, in memory: variables of commands in its dev container, as the CLI would set them. */
export const DEVCONTAINER_ENVIRONMENT = '/run/berth/devcontainer-environment'

/** A dev container that is up, to run things in. */
export type DevcontainerTarget = Pick<DevcontainerContainer, 'id' | 'name' | 'user' | 'folder'>

/** Where things run in a workspace whose dev container is up; null for the workspace itself. */
export function devcontainerTarget(record: DevcontainerRecord | undefined): DevcontainerTarget | null {
  return record?.isRunning ? record.container : null
}

/** Of these variables of a workspace those that have a meaning in its dev container, too. */
export function carriedVariables(environment: Record<string, string | null>): Record<string, string> {
  const carried = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== null && !OF_THE_WORKSPACE.some((name) => entry[0] === name || entry[0].startsWith(`${name}_`)),
  )
  return Object.fromEntries(carried)
}

/** Of its own image, user and session. */
const OF_THE_WORKSPACE = ['PATH', 'HOME', 'USER', 'SHELL', 'LANG', 'LC', 'TZ', 'TERM', 'SSH_AUTH_SOCK', 'DOCKER_HOST']
