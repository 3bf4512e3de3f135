import { z } from 'zod'
import { parseJson } from '../../../shared/parse-json'
import { REPO_PATH } from '../../../shared/repo-path'

/** Which dev container is meant, and how it is to come up. */
export interface UpRequest {
  /** Of the configuration, below the repository. */
  path: string
  /** Remove the container there is, and make it from the configuration as it is now. */
  rebuild: boolean
  /** In the environment of the user's commands inside the dev container, by which they are found and ended. */
  marker: { name: string; value: string }
}

/** The folder that a configuration is for: that with `.devcontainer` in it. */
export function folderOfConfig(path: string): string {
  const segments = path.split('/')
  const index = segments.findIndex((segment) => segment === '.devcontainer' || segment === '.devcontainer.json')
  return [REPO_PATH, ...segments.slice(0, index)].join('/')
}

/** Program and arguments of `devcontainer up`. */
export function upCommand(cli: readonly string[], { path, rebuild, marker }: UpRequest): string[] {
  return [
    ...cli,
    'up',
    ...['--workspace-folder', folderOfConfig(path), '--config', `${REPO_PATH}/${path}`],
    ...['--log-format', 'json', '--include-merged-configuration'],
    ...['--remote-env', `${marker.name}=${marker.value}`],
    ...(rebuild ? ['--remove-existing-container'] : []),
  ]
}

/**
 * Prints the environment of commands inside the dev container: what its login shell sets, and `remoteEnv`. Not by “env -0”: the CLI takes numbers
 * among the arguments for its own.
 */
export function environmentCommand(cli: readonly string[], path: string): string[] {
  return [...cli, 'exec', '--workspace-folder', folderOfConfig(path), '--config', `${REPO_PATH}/${path}`, 'cat', '/proc/self/environ']
}

/** `forwardPorts` has numbers and “service:port”. */
const forwardSchema = z.union([z.number().int().min(1).max(65535), z.string().max(255)])
const MAX_FORWARDS = 32

const successSchema = z.object({
  outcome: z.literal('success'),
  containerId: z.string().regex(/^[0-9a-f]{12,64}$/),
  remoteUser: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\w.@$-]+$/),
  remoteWorkspaceFolder: z
    .string()
    .max(1024)
    .startsWith('/')
    .refine((path) => !/\p{Cc}/u.test(path)),
  composeProjectName: z
    .string()
    .max(128)
    .regex(/^[a-z0-9_-]+$/)
    .optional()
    .catch(undefined),
  mergedConfiguration: z
    .object({ forwardPorts: z.array(z.unknown()).max(1000).optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

const failureSchema = z.object({
  outcome: z.literal('error'),
  message: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  containerId: z
    .string()
    .regex(/^[0-9a-f]{12,64}$/)
    .optional()
    .catch(undefined),
})

/** A port to be forwarded: of the dev container, or of a service beside it. */
export interface WantedForward {
  port: number
  service: string | null
}

/** How `devcontainer up` ended. */
export type UpOutcome =
  | {
      outcome: 'success'
      containerId: string
      user: string
      folder: string
      /** Of a dev container that is a service of several. */
      project: string | null
      forwards: WantedForward[]
    }
  | { outcome: 'error'; message: string; containerId: string | null }

const LONGEST_MESSAGE = 1000

/** Reads the last line of its output; null if it is invalid. Programs inside may have written it, so nothing is trusted. */
export function readOutcome(stdout: string): UpOutcome | null {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  const parsed = parseJson(last)
  const success = successSchema.safeParse(parsed)
  if (success.success) {
    const { containerId, remoteUser, remoteWorkspaceFolder, composeProjectName, mergedConfiguration } = success.data
    const forwards = (mergedConfiguration?.forwardPorts ?? []).flatMap((given) => wantedForward(given) ?? []).slice(0, MAX_FORWARDS)
    return {
      outcome: 'success',
      ...{ containerId, user: remoteUser, folder: remoteWorkspaceFolder, project: composeProjectName ?? null, forwards },
    }
  }
  const failure = failureSchema.safeParse(parsed)
  if (!failure.success) return null
  const { message, description, containerId } = failure.data
  // The description is the sentence for a person, and often the same.
  const words = [description, message].filter((text) => text !== undefined && text !== '').join(' ')
  const text = description !== undefined && description === message ? description : words
  return { outcome: 'error', message: text.slice(0, LONGEST_MESSAGE), containerId: containerId ?? null }
}

function wantedForward(given: unknown): WantedForward | null {
  const { success, data } = forwardSchema.safeParse(given)
  if (!success) return null
  if (typeof data === 'number') return { port: data, service: null }
  const [service = '', digits = '', ...rest] = data.split(':')
  const port = Number(digits)
  if (rest.length > 0 || !/^[\w.-]{1,128}$/.test(service) || !Number.isInteger(port) || port < 1 || port > 65535) return null
  return { port, service: service === 'localhost' ? null : service }
}

/** Of the container alone: a command in another is started with its own. */
const NOT_CARRIED = new Set(['PWD', 'OLDPWD', 'SHLVL', '_', 'TERM', 'HOSTNAME'])
const MAX_VARIABLES = 500
const LONGEST_VALUE = 32 * 1024

/** What `environmentCommand` has printed, as a file for `docker exec --env-file`: one NAME=VALUE a line. Values with a line break do not fit into one. */
export function environmentFile(printed: string, marker: string): { content: string; leftOut: string[] } {
  const leftOut: string[] = []
  const lines: string[] = []
  for (const entry of printed.split('\0')) {
    const index = entry.indexOf('=')
    const name = entry.slice(0, index)
    if (index < 1 || !/^[A-Za-z_]\w*$/.test(name) || NOT_CARRIED.has(name) || name === marker) continue
    if (/[\r\n]/.test(entry) || entry.length > LONGEST_VALUE || lines.length === MAX_VARIABLES) leftOut.push(name)
    else lines.push(`${entry}\n`)
  }
  return { content: lines.join(''), leftOut }
}
