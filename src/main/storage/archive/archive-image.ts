import { z } from 'zod'
import { TarRefused } from './archive-tar-header'

/** Files of a saved image that describe it and the names it will get. */
export const IMAGE_FILES = ['manifest.json', 'index.json', 'repositories']

const savedSchema = z.array(z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullish() })).length(1)
const indexSchema = z.object({
  manifests: z.array(z.object({ digest: z.string(), annotations: z.record(z.string(), z.string()).optional() })).max(16),
})
const repositoriesSchema = z.record(z.string(), z.unknown())

/** What engines read names from. */
const NAME_ANNOTATIONS = ['io.containerd.image.name', 'org.opencontainers.image.ref.name']
const DIGEST = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/

/**
 * The ids by which an engine may know the image of an archive once it is loaded. Throws TarRefused when it has a name: loading
 * it would take that name away from an image of the user's.
 */
export function imageIds(files: Map<string, Buffer>): string[] {
  const saved = savedSchema.safeParse(json(files.get('manifest.json')))
  if (!saved.success) throw new TarRefused('image', 'Its image is invalid.')
  const config = saved.data[0]?.Config ?? ''
  const index = files.has('index.json') ? indexSchema.safeParse(json(files.get('index.json'))) : null
  if (index && !index.success) throw new TarRefused('image', 'Its image is invalid.')
  const manifests = index?.data.manifests ?? []
  const repositories = files.has('repositories') ? repositoriesSchema.safeParse(json(files.get('repositories'))) : null
  const hasName =
    (saved.data[0]?.RepoTags ?? []).length > 0 ||
    manifests.some(({ annotations = {} }) => NAME_ANNOTATIONS.some((name) => name in annotations)) ||
    (repositories !== null && (!repositories.success || Object.keys(repositories.data).length > 0))
  if (hasName) throw new TarRefused('image', 'Its image has a name, which could replace another image.')
  const digest = DIGEST.exec(config)?.[1]
  if (digest === undefined) throw new TarRefused('image', 'Its image is invalid.')
  return [`sha256:${digest}`, ...manifests.map((manifest) => manifest.digest)]
}

function json(content: Buffer | undefined): unknown {
  try {
    return JSON.parse(content?.toString('utf8') ?? '')
  } catch (error) {
    if (error instanceof SyntaxError) throw new TarRefused('image', 'Its image is invalid.')
    throw error
  }
}
