import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../../shared/file-error-code'

/** Where an engine may answer, and what is needed to talk to it. */
export interface Endpoint {
  /** As a person would write it: unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host. */
  url: string
  /** Folder with ca.pem, cert.pem and key.pem. */
  tlsFolder?: string | undefined
}

/** Where an engine may be, and what of Docker's own settings could not be used to find it. */
export interface EndpointSearch {
  candidates: Endpoint[]
  /** `endpoint` is the file that is at fault. */
  problems: { endpoint: string; reason: string }[]
}

/** What the search depends on, passed in so that it can be tested. */
export interface EndpointSurroundings {
  environment: Record<string, string | undefined>
  platform: NodeJS.Platform
  homeFolder: string
}

const contextMetaSchema = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string() }) }),
})
const dockerConfigSchema = z.object({ currentContext: z.string().optional() })

/**
 * Where to look for an engine, best first: the setting alone if there is one; else DOCKER_HOST, Docker's current context, the
 * usual sockets of Docker and its desktop kinds, and Podman's.
 */
export function endpointCandidates(setting: string | null, surroundings: EndpointSurroundings): EndpointSearch {
  const { environment } = surroundings
  const only = setting ?? environment.DOCKER_HOST
  if (only) return { candidates: [{ url: only, tlsFolder: environment.DOCKER_CERT_PATH }], problems: [] }
  const problems: EndpointSearch['problems'] = []
  const context = currentContext(surroundings, (path, reason) => problems.push({ endpoint: path, reason }))
  const candidates = [...(context ? [context] : []), ...usualSockets(surroundings).map((url) => ({ url }))]
  const unique = new Map(candidates.map((candidate) => [candidate.url, candidate]))
  return { candidates: [...unique.values()], problems }
}

function usualSockets({ environment, platform, homeFolder }: EndpointSurroundings): string[] {
  if (platform === 'win32') return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/podman-machine-default']
  const runtimeFolder = environment.XDG_RUNTIME_DIR
  const paths = [
    '/var/run/docker.sock',
    ...(runtimeFolder ? [join(runtimeFolder, 'docker.sock')] : []),
    join(homeFolder, '.docker/run/docker.sock'),
    join(homeFolder, '.docker/desktop/docker.sock'),
    join(homeFolder, '.orbstack/run/docker.sock'),
    join(homeFolder, '.colima/default/docker.sock'),
    join(homeFolder, '.rd/docker.sock'),
    ...(runtimeFolder ? [join(runtimeFolder, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ]
  return paths.map((path) => `unix://${path}`)
}

type OnProblem = (path: string, reason: string) => void

/** Docker's own record of which context is in use; null when it is the default one or cannot be read. */
function currentContext({ environment, homeFolder }: EndpointSurroundings, onProblem: OnProblem): Endpoint | null {
  const configFolder = environment.DOCKER_CONFIG ?? join(homeFolder, '.docker')
  const configured = () => readJson(join(configFolder, 'config.json'), dockerConfigSchema, onProblem)?.currentContext
  const name = environment.DOCKER_CONTEXT ?? configured()
  if (!name || name === 'default') return null
  const id = createHash('sha256').update(name).digest('hex')
  const metaPath = join(configFolder, 'contexts/meta', id, 'meta.json')
  const meta = readJson(metaPath, contextMetaSchema, onProblem)
  if (!meta) {
    if (!existsSync(metaPath)) onProblem(metaPath, `Docker has no context “${name}”`)
    return null
  }
  const tlsFolder = join(configFolder, 'contexts/tls', id, 'docker')
  return { url: meta.Endpoints.docker.Host, tlsFolder: existsSync(tlsFolder) ? tlsFolder : undefined }
}

/** Docker's files are not ours: one that is missing says nothing, and one that cannot be used must not keep the rest from being tried. */
function readJson<Schema extends z.ZodType>(path: string, schema: Schema, onProblem: OnProblem): z.infer<Schema> | null {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (!parsed.success) onProblem(path, 'this file of Docker’s does not hold what it should')
    return parsed.data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) onProblem(path, `this file of Docker’s is no JSON: ${error.message}`)
    else if (!isMissing(error))
      onProblem(path, `this file of Docker’s cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}
