import { Readable } from 'node:stream'
import tar from 'tar-stream'
import type { Content } from './content'
import { refusal } from './refusal'

/** What a tar says of an image besides its content. */
interface ImageSettings {
  id: string
  labels: Record<string, string>
  environment: Record<string, string>
  layers: string[]
  createdAt: Date
}

/** An image as a tar says it. */
export interface SavedImage extends ImageSettings {
  reference: string | null
  /** Whether the file of that layer is there, from the lowest on. */
  hasLayer: boolean[]
  /** What is in all its layers together; null without the file of the highest. */
  disk: { content: Content; files: Map<string, Buffer> } | null
}

interface Disk {
  content: Content
  files: [string, string][]
}

const hexOf = (digest: string) => digest.slice(digest.indexOf(':') + 1)

/**
 * The tar of an image, as Docker before 25 writes it: a folder for each layer, whose name says nothing, with `json` before `layer.tar`. The
 * content of the simulation is in the file of the highest layer.
 */
export function packImage(image: ImageSettings & { content: Content; files: Map<string, Buffer> }, reference: string | null): Readable {
  const { id, labels, environment, layers, createdAt, content, files } = image
  const pack = tar.pack()
  const config = { created: createdAt.toISOString(), config: { Labels: labels, Env: environment }, rootfs: { diff_ids: layers } }
  for (const [index, layer] of layers.entries()) {
    const folder = hexOf(layer)
    const isHighest = index === layers.length - 1
    const disk: Disk = { content, files: [...files].map(([path, bytes]) => [path, bytes.toString('base64')]) }
    pack.entry({ name: `${folder}/`, type: 'directory' })
    pack.entry({ name: `${folder}/VERSION` }, '1.0')
    pack.entry({ name: `${folder}/json` }, JSON.stringify(isHighest ? { id: folder, config: config.config } : { id: folder }))
    pack.entry({ name: `${folder}/layer.tar` }, JSON.stringify(isHighest ? disk : {}))
  }
  pack.entry({ name: `${hexOf(id)}.json` }, JSON.stringify(config))
  const manifest = {
    ...{ Config: `${hexOf(id)}.json`, RepoTags: reference === null ? null : [reference] },
    Layers: layers.map((layer) => `${hexOf(layer)}/layer.tar`),
  }
  pack.entry({ name: 'manifest.json' }, JSON.stringify([manifest]))
  pack.finalize()
  return Readable.from(pack as AsyncIterable<Buffer>)
}

/** Throws for what is none. */
export async function parseImage(bytes: Buffer): Promise<SavedImage> {
  const entries = await unpack(bytes).catch(() => {
    throw refusal(500, 'archive/tar: invalid tar header')
  })
  const json = (name: string) => {
    const content = entries.get(name)
    if (!content) throw refusal(500, `open /var/lib/docker/tmp/docker-import/${name}: no such file or directory`)
    return JSON.parse(content.toString()) as unknown
  }
  const [manifest] = json('manifest.json') as [{ Config: string; RepoTags: string[] | null; Layers: string[] }]
  const config = json(manifest.Config) as {
    created: string
    config: { Labels: Record<string, string>; Env: Record<string, string> }
    rootfs: { diff_ids: string[] }
  }
  const highest = entries.get(manifest.Layers.at(-1) ?? '')
  const disk = highest ? (JSON.parse(highest.toString()) as Disk) : null
  return {
    id: `sha256:${manifest.Config.slice(0, -'.json'.length)}`,
    ...{ labels: config.config.Labels, environment: config.config.Env, layers: config.rootfs.diff_ids },
    ...{ createdAt: new Date(config.created), reference: manifest.RepoTags?.[0] ?? null },
    hasLayer: manifest.Layers.map((name) => entries.has(name)),
    disk: disk && { content: disk.content, files: new Map(disk.files.map(([path, text]) => [path, Buffer.from(text, 'base64')])) },
  }
}

async function unpack(bytes: Buffer): Promise<Map<string, Buffer>> {
  const extract = tar.extract()
  const entries = new Map<string, Buffer>()
  extract.end(bytes)
  for await (const entry of extract) {
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    entries.set(entry.header.name, Buffer.concat(chunks))
  }
  return entries
}
