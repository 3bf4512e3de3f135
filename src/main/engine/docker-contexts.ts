import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing } from '../../shared/file-error-code'
import type { Endpoint, EndpointSurroundings } from './engine-address'
import { TLS_FILES } from './tls-files'

/** The context that every Docker has: the engine of this machine, or DOCKER_HOST. */
export const DEFAULT_CONTEXT = 'default'

/** One of Docker's contexts, as its client would use it. */
export interface DockerContext {
  name: string
  description: string | null
  endpoint: Endpoint
}

/** What could not be read, and why; `path` is the file at fault. */
export interface ContextProblem {
  path: string
  reason: string
}

const metaSchema = z.object({
  Name: z.string(),
  Metadata: z.object({ Description: z.string().optional() }).loose().optional(),
  Endpoints: z.object({ docker: z.object({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }) }),
})
const configSchema = z.object({ currentContext: z.string().optional() })

/** Docker's own folder: DOCKER_CONFIG, or `.docker` in the home folder. */
export function dockerConfigFolder({ environment, homeFolder }: EndpointSurroundings): string {
  return environment.DOCKER_CONFIG || join(homeFolder, '.docker')
}

/** Which context Docker's client uses when it is not told: DOCKER_HOST stands for the default one. A broken `config.json` is a problem, and says nothing. */
export function currentContextName(surroundings: EndpointSurroundings): { name: string; problem: ContextProblem | null } {
  const { environment } = surroundings
  if (environment.DOCKER_HOST) return { name: DEFAULT_CONTEXT, problem: null }
  if (environment.DOCKER_CONTEXT) return { name: environment.DOCKER_CONTEXT, problem: null }
  const config = readJson(join(dockerConfigFolder(surroundings), 'config.json'), configSchema)
  return 'value' in config
    ? { name: config.value?.currentContext || DEFAULT_CONTEXT, problem: null }
    : { name: DEFAULT_CONTEXT, problem: config }
}

/** The context of that name, which is not the default one; or why it cannot be used. */
export function readContext(surroundings: EndpointSurroundings, name: string): DockerContext | ContextProblem {
  const folder = createHash('sha256').update(name).digest('hex')
  const context = readContextFolder(surroundings, folder)
  return context ?? { path: metaPath(surroundings, folder), reason: `Docker has no context “${name}”` }
}

/** Every context there is but the default one, and those that cannot be read. */
export function listContexts(surroundings: EndpointSurroundings): (DockerContext | ContextProblem)[] {
  const path = join(dockerConfigFolder(surroundings), 'contexts/meta')
  try {
    const folders = readdirSync(path).sort()
    return folders.flatMap((folder) => readContextFolder(surroundings, folder) ?? [])
  } catch (error) {
    return isMissing(error) ? [] : [{ path, reason: unreadable(error) }]
  }
}

const metaPath = (surroundings: EndpointSurroundings, folder: string) =>
  join(dockerConfigFolder(surroundings), 'contexts/meta', folder, 'meta.json')

/** null when there is nothing. The folder of a context has the digest of its name as its name. */
function readContextFolder(surroundings: EndpointSurroundings, folder: string): DockerContext | ContextProblem | null {
  const path = metaPath(surroundings, folder)
  const meta = readJson(path, metaSchema)
  if (!('value' in meta)) return meta
  if (meta.value === null) return null
  const { Name: name, Metadata, Endpoints } = meta.value
  if (createHash('sha256').update(name).digest('hex') !== folder)
    return { path, reason: `it is not in the folder of the context “${name}”` }
  const { Host: url, SkipTLSVerify: skipsVerification = false } = Endpoints.docker
  const tlsFolder = join(dockerConfigFolder(surroundings), 'contexts/tls', folder, 'docker')
  // Which files a context has was chosen when it was made; Docker's client takes those that are there.
  const files = TLS_FILES.filter((file) => existsSync(join(tlsFolder, file)))
  const usesTls = files.length > 0 || skipsVerification
  return {
    name,
    description: Metadata?.Description || null,
    endpoint: { url, tls: usesTls ? { folder: tlsFolder, files, verifies: !skipsVerification } : null },
  }
}

/** Docker's files are not ours: one that is missing says nothing (null), and one that cannot be used must not keep the rest from being tried. */
function readJson<Schema extends z.ZodType>(path: string, schema: Schema): { value: z.infer<Schema> | null } | ContextProblem {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? { value: parsed.data } : { path, reason: 'this Docker file does not have the expected contents' }
  } catch (error) {
    if (error instanceof SyntaxError) return { path, reason: `this Docker file is not valid JSON: ${error.message}` }
    return isMissing(error) ? { value: null } : { path, reason: unreadable(error) }
  }
}

function unreadable(error: unknown): string {
  return `this Docker file cannot be read: ${error instanceof Error ? error.message : String(error)}`
}
