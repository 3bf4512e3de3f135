import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Where an engine may answer, and what is needed to talk to it. */
export interface Endpoint {
  /** As a person would write it: unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host. */
  url: string
  /** Folder with ca.pem, cert.pem and key.pem. */
  tlsFolder?: string | undefined
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
export function endpointCandidates(setting: string | null, surroundings: EndpointSurroundings): Endpoint[] {
  if (setting !== null) return [{ url: setting, tlsFolder: surroundings.environment.DOCKER_CERT_PATH }]
  const { environment } = surroundings
  if (environment.DOCKER_HOST) return [{ url: environment.DOCKER_HOST, tlsFolder: environment.DOCKER_CERT_PATH }]
  const context = currentContext(surroundings)
  const candidates = [...(context ? [context] : []), ...usualSockets(surroundings).map((url) => ({ url }))]
  const unique = new Map(candidates.map((candidate) => [candidate.url, candidate]))
  return [...unique.values()]
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

/** Docker's own record of which context is in use; null when it is the default one or cannot be read. */
function currentContext({ environment, homeFolder }: EndpointSurroundings): Endpoint | null {
  const configFolder = environment.DOCKER_CONFIG ?? join(homeFolder, '.docker')
  const name = environment.DOCKER_CONTEXT ?? readJson(join(configFolder, 'config.json'), dockerConfigSchema)?.currentContext
  if (!name || name === 'default') return null
  const id = createHash('sha256').update(name).digest('hex')
  const meta = readJson(join(configFolder, 'contexts/meta', id, 'meta.json'), contextMetaSchema)
  if (!meta) return null
  const tlsFolder = join(configFolder, 'contexts/tls', id, 'docker')
  return { url: meta.Endpoints.docker.Host, tlsFolder: existsSync(tlsFolder) ? tlsFolder : undefined }
}

/** Docker's files are not ours: one that is missing or not as expected only means there is nothing to learn from it. */
function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> | null {
  if (!existsSync(path)) return null
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
