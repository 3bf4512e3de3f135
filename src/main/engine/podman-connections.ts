import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../../shared/file-error-code'
import { parseJson } from '../../shared/parse-json'
import type { EndpointSurroundings } from './engine-address'

/** One of `podman system connection list`. */
export interface PodmanConnection {
  name: string
  uri: string
  /** Of the key that Podman logs in with; null when it is ssh's affair. */
  identity: string | null
  isDefault: boolean
}

interface PodmanFile {
  path: string
  connections: PodmanConnection[]
  /** Why not all of it could be read. */
  problem: string | null
}

const connectionsSchema = z.object({
  Connection: z
    .object({
      Default: z.string().optional(),
      Connections: z.record(z.string(), z.object({ URI: z.string(), Identity: z.string().optional() })).nullish(),
    })
    .optional(),
})

/** Files of Podman's that name connections, with what they name: of Podman 5, and of Podman 4. Those that are not there are left out. */
export function readPodmanFiles(surroundings: EndpointSurroundings): PodmanFile[] {
  const { environment, homeFolder } = surroundings
  const folder = join(environment.XDG_CONFIG_HOME || join(homeFolder, '.config'), 'containers')
  const files = [
    { path: environment.PODMAN_CONNECTIONS_CONF || join(folder, 'podman-connections.json'), read: readConnections },
    { path: environment.CONTAINERS_CONF || join(folder, 'containers.conf'), read: readContainersConf },
  ]
  return files.flatMap(({ path, read }) => {
    try {
      return [{ path, ...read(readFileSync(path, 'utf8')) }]
    } catch (error) {
      if (isMissing(error)) return []
      return [{ path, connections: [], problem: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` }]
    }
  })
}

type Read = Omit<PodmanFile, 'path'>

function readConnections(text: string): Read {
  const parsed = connectionsSchema.safeParse(parseJson(text))
  if (!parsed.success) return { connections: [], problem: 'it does not have the contents that Podman writes' }
  const { Default, Connections } = parsed.data.Connection ?? {}
  const connections = Object.entries(Connections ?? {}).map(([name, { URI: uri, Identity }]) => ({
    ...{ name, uri, identity: Identity || null, isDefault: name === Default },
  }))
  return { connections, problem: null }
}

/** `[a.b]`, of bare or plainly quoted names. */
const TABLE = /^\[\s*([A-Za-z0-9_-]+(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\\]*"))*)\s*\]\s*(?:#.*)?$/
/** `name = "text"`, without escapes. */
const TEXT = /^([A-Za-z0-9_-]+)\s*=\s*(?:"([^"\\]*)"|'([^']*)')\s*(?:#.*)?$/
const PREFIX = 'engine.service_destinations.'

/**
 * Of the TOML of `containers.conf` no more than what Podman itself writes for its connections: tables of texts on one line each. Anything else in such a
 * table is a problem, not a guess; other tables are passed over. A text over several lines could hold what looks like a table, so a file
 * that has one is not read at all.
 */
function readContainersConf(text: string): Read {
  if (text.includes('"""') || text.includes("'''"))
    return { connections: [], problem: 'it has strings over several lines, which Berth cannot read' }
  const uris = new Map<string, { uri?: string; identity?: string }>()
  let table = ''
  let active: string | undefined
  let problem: string | null = null
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      table = (TABLE.exec(line)?.[1] ?? '').replaceAll(/\s*\.\s*/g, '.')
      if (table.startsWith(PREFIX)) uris.set(nameOf(table), {})
      else if (table === '' && line.includes('service_destinations')) problem = `it has a line that Berth cannot read: ${line}`
      continue
    }
    const [, key, double, single] = TEXT.exec(line) ?? []
    const value = double ?? single
    const connection = table.startsWith(PREFIX) ? uris.get(nameOf(table)) : undefined
    if (connection && (key === 'uri' || key === 'identity') && value !== undefined) connection[key] = value
    else if (connection && key !== 'is_machine' && !/^is_machine\s*=/.test(line)) problem = `it has a line that Berth cannot read: ${line}`
    else if (table === 'engine' && key === 'active_service') active = value
    else if (line.startsWith('service_destinations') || line.startsWith('engine.service_destinations')) {
      problem = `it has a line that Berth cannot read: ${line}`
    }
  }
  const connections = [...uris].flatMap(([name, { uri, identity }]) =>
    uri === undefined ? [] : [{ name, uri, identity: identity || null, isDefault: name === active }],
  )
  return { connections, problem }
}

const nameOf = (table: string) => table.slice(PREFIX.length).replaceAll('"', '')
