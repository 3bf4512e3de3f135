import { PassThrough, type Readable, type Writable } from 'node:stream'
import { Mutex } from 'async-mutex'
import type Docker from 'dockerode'
import { type EngineConnection, request } from './connection'
import { parseEnvironment } from './containers'
import { engineStatusOf, ignoreStatus, nullIfMissing } from './engine-errors'
import { readMessages } from './image-messages'
import { imageOf } from './image-of'
import { familiarReference, imageIdOf, isNamed } from './podman'

export interface ImageSummary {
  id: string
  sizeBytes: number
  labels: Record<string, string>
  environment: Record<string, string>
  /** Digests of its layers, the lowest first. */
  layers: string[]
}

/** An image as the engine's list has it. */
export interface ListedImage {
  id: string
  /** Its names with their tags; none for one that was untagged. */
  references: string[]
  labels: Record<string, string>
  sizeBytes: number
  createdAt: Date
}

/** What the engine says while it pulls or builds. */
export interface ImageProgress {
  /** The layer it speaks of; null for the whole. */
  layer: string | null
  status: string
  currentBytes: number | null
  totalBytes: number | null
}

export interface BuildOptions {
  /** The reference it is given. */
  tag: string
  /** Its path in the context. */
  dockerfile: string
  /** The stage to end with; the last one if there is none. */
  target?: string | undefined
  buildArguments: Record<string, string>
  networkMode: 'host' | 'default'
  noCache: boolean
  labels: Record<string, string>
  signal: AbortSignal
  /** Each line of the build's output, without its line end. */
  onLine(line: string): void
}

/** Images of the engine. */
export interface Images {
  inspect(reference: string): Promise<ImageSummary | null>
  /** Throws ENGINE_REFUSED with the engine's reason when it cannot be had (no such image, no network). */
  pull(reference: string, options: { signal: AbortSignal; onProgress(progress: ImageProgress): void }): Promise<void>
  /** Builds a tar stream with a Dockerfile in it. Throws ENGINE_REFUSED with the engine's reason when a step fails. */
  build(context: Readable, options: BuildOptions): Promise<void>
  tag(reference: string, newReference: string): Promise<void>
  /** Those of the repository (`name` or `name/*`), or with the label: one request. Without what only other images are made from. */
  list(filter: { repository: string } | { label: string }, signal?: AbortSignal): Promise<ListedImage[]>
  /** References of the repository's images, with their tags. */
  listReferences(repository: string): Promise<string[]>
  /** It being gone already is fine. An image in use stays. */
  remove(reference: string): Promise<void>
  /** Removes an image that has no name any more and that nothing uses; leaves any other. */
  removeUnnamed(id: string): Promise<void>
  /** Hands the image with all its layers to `read` as a tar; without names if it is given by its id. */
  save(reference: string, signal: AbortSignal, read: (stream: Readable) => Promise<void>): Promise<void>
  /** Takes in an image from the tar that `write` writes. Throws ENGINE_REFUSED with the engine's reason when it is none. */
  load(signal: AbortSignal, write: (target: Writable) => Promise<void>): Promise<void>
}

export function createImages(connection: EngineConnection): Images {
  /** Docker 20.10 stumbles over the layers that two images have in common when both are removed at once. */
  const removal = new Mutex()

  return {
    inspect: (reference) =>
      request(connection, `read image ${reference}`, async (docker) => {
        const image = await nullIfMissing(imageOf(docker, reference).inspect())
        return (
          image && {
            id: imageIdOf(image.Id),
            sizeBytes: image.Size,
            labels: image.Config.Labels ?? {},
            environment: parseEnvironment(image.Config.Env),
            layers: image.RootFS.Layers ?? [],
          }
        )
      }),
    pull: (reference, { signal, onProgress }) =>
      request(
        connection,
        `pull ${reference}`,
        async (docker) => {
          const stream = (await docker.pull(reference, { abortSignal: signal })) as Readable
          await readMessages(stream, signal, (message) =>
            onProgress({
              layer: message.id ?? null,
              status: message.status ?? '',
              currentBytes: message.progressDetail?.current ?? null,
              totalBytes: message.progressDetail?.total ?? null,
            }),
          )
        },
        'long',
      ),
    build: (context, options) =>
      request(
        connection,
        `build ${options.tag}`,
        async (docker) => {
          const stream = (await docker.buildImage(context, {
            t: options.tag,
            dockerfile: options.dockerfile,
            ...(options.target === undefined ? {} : { target: options.target }),
            buildargs: options.buildArguments,
            networkmode: options.networkMode,
            nocache: options.noCache,
            labels: options.labels,
            rm: true,
            forcerm: true,
            abortSignal: options.signal,
          })) as Readable
          await readMessages(stream, options.signal, (message) => {
            for (const line of (message.stream ?? message.status ?? '').split('\n')) if (line.trim() !== '') options.onLine(line.trimEnd())
          })
        },
        'long',
      ),
    tag: (reference, newReference) =>
      request(connection, `tag ${reference}`, async (docker) => {
        const separator = newReference.lastIndexOf(':')
        await imageOf(docker, reference).tag({ repo: newReference.slice(0, separator), tag: newReference.slice(separator + 1) })
      }),
    list: (filter, abortSignal) =>
      request(connection, 'list the images', async (docker) => {
        const filters = 'repository' in filter ? { reference: [filter.repository] } : { label: [filter.label] }
        const found = await docker.listImages({ filters, ...(abortSignal ? { abortSignal } : {}) })
        // Podman lists an image that is asked for by one of its names with all of them, also those that are not asked for.
        const isWanted = (reference: string) => !('repository' in filter) || isNamed(reference, filter.repository)
        return found.map((image) => ({
          id: imageIdOf(image.Id),
          // One without a name is listed as “<none>:<none>”.
          references: (image.RepoTags ?? [])
            .filter((reference) => !reference.startsWith('<none>'))
            .map(familiarReference)
            .filter(isWanted),
          labels: image.Labels ?? {},
          sizeBytes: image.Size,
          createdAt: new Date(image.Created * 1000),
        }))
      }),
    listReferences: (repository) =>
      request(connection, 'list the images', async (docker) => {
        const found = await docker.listImages({ filters: { reference: [repository] } })
        const references = found.flatMap((image) => image.RepoTags ?? []).map(familiarReference)
        return references.filter((reference) => isNamed(reference, repository))
      }),
    remove: (reference) =>
      request(
        connection,
        `remove image ${reference}`,
        async (docker) => {
          await removal.runExclusive(() => removeImage(docker, reference))
        },
        'work',
      ),
    removeUnnamed: (id) =>
      request(
        connection,
        `remove image ${id}`,
        async (docker) => {
          const image = await nullIfMissing(imageOf(docker, id).inspect())
          // 409: a container or another image uses it.
          if (image && (image.RepoTags ?? []).length === 0) {
            await removal.runExclusive(() => ignoreStatus(409, removeImage(docker, id)))
          }
        },
        'work',
      ),
    save: (reference, signal, read) =>
      request(
        connection,
        `save image ${reference}`,
        async (docker) => {
          const stream = (await imageOf(docker, reference).get()) as Readable
          const abort = () => stream.destroy(new Error('aborted'))
          signal.addEventListener('abort', abort, { once: true })
          try {
            signal.throwIfAborted()
            await read(stream)
          } finally {
            signal.removeEventListener('abort', abort)
            stream.destroy()
          }
        },
        'long',
      ),
    load: (signal, write) => request(connection, 'load an image', (docker) => loadImage(docker, signal, write), 'long'),
  }
}

/** Others on the engine may remove shared parts at the same time; it only matters that it is gone. */
async function removeImage(docker: Docker, reference: string): Promise<void> {
  const image = imageOf(docker, reference)
  try {
    await nullIfMissing(image.remove())
  } catch (error) {
    if (engineStatusOf(error) !== 500 || (await nullIfMissing(image.inspect()))) throw error
  }
}

/** The engine answers as it reads; when the writer fails it must not take what it has for the whole. */
async function loadImage(docker: Docker, signal: AbortSignal, write: (target: Writable) => Promise<void>): Promise<void> {
  const broken = new AbortController()
  const body = new PassThrough()
  const options = { quiet: true, abortSignal: AbortSignal.any([signal, broken.signal]) }
  const answer = docker.loadImage(body, options).then((stream) => readMessages(stream as Readable, signal, () => undefined))
  // Each failure brings the other about; only the first says why.
  const failures: unknown[] = []
  const fail = (error: unknown) => {
    failures.push(error)
    broken.abort()
    body.destroy()
  }
  await Promise.all([answer.catch(fail), write(body).catch(fail)])
  if (failures.length > 0) throw failures[0]
}
