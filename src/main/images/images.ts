import { join } from 'node:path'
import type { ImageResolution } from '../../shared/contract/images'
import type { Settings } from '../../shared/contract/settings'
import { DEFAULT_DISTRO, DISTROS, type DistroId, dockerfileOf, IMAGE_TARGETS, type ImageSize, localImage } from '../../shared/distros'
import { BerthError, isBerthError } from '../../shared/errors'
import { type ImageChoice, NO_IMAGE_CHOICE } from '../../shared/image-choice'
import type { Engine } from '../engine/engine'
import type { ImageSummary } from '../engine/images'
import { contextDigest, contextTar } from './context-tar'
import { buildImage, defaultBase, LABEL_BASE, LABEL_CONTEXT, LABEL_SIZE } from './image-build'
import { OWN_DOCKERFILE, openOwnContext } from './own-context'
import { createPullProgress } from './pull-progress'
import { createSharedWork, type WorkControl, type WorkOptions } from './shared-work'

/** What `berth build` makes, and what is looked for first. Another tag lets a changed image be tried beside the one in use. */
export const LOCAL_IMAGE = process.env.BERTH_IMAGE_TAG ?? localImage(DEFAULT_DISTRO, 'full')

/** Where the image of each release is published. Without a registry's host: the engine knows where to look. */
export const PUBLISHED_REPOSITORY = 'berthdev/workspace'

/** What an image that is built from a user's own folder has instead of the digest of Berth's. */
const NO_CONTEXT = 'own'

export interface FoundImage {
  /** As it was asked for; for Berth’s own, whichever of its names was found. */
  reference: string
  imageId: string
}

interface BundledBuild {
  distro?: DistroId
  size?: ImageSize
  /** The image to build on, instead of the one that the Dockerfile names. */
  base?: string | undefined
  tag?: string | undefined
  noCache: boolean
}

interface OwnBuild {
  context: string
  dockerfile: string
  tag: string
  noCache: boolean
}

/** Which image a workspace starts from, and how it comes to be on the engine. No choice means the one for new workspaces. */
export interface Images {
  /** The name of the image, wherever it is; nothing is asked. */
  nameOf(choice: ImageChoice): string
  /** Where the image would come from; looks at the engine only, pulls and builds nothing. */
  resolve(choice?: ImageChoice | null, signal?: AbortSignal): Promise<ImageResolution>
  /**
   * Makes sure the image is on the engine. The setting's image when nothing is chosen; Berth's own when there is none either:
   * `berth:latest` if it is there, else the published image of this version, else built from the bundled Dockerfile.
   * Calls at the same time share one pull or build. Throws IMAGE_UNAVAILABLE, IMAGE_BUILD_FAILED, CANCELLED.
   */
  ensure(choice: ImageChoice | null, options: WorkOptions): Promise<FoundImage>
  /** As `ensure`; Berth's own image is built again, on the same base, where it is out of date. */
  renew(choice: ImageChoice, options: WorkOptions): Promise<FoundImage>
  /** Whether `berth:latest` was built from an older bundled folder than this one. An image of the user's own never is. */
  isOutdated(): Promise<boolean>
  /** Whether an image, or a container made from it, with these labels was built from the bundled folder as it was when Berth started. */
  isAsBuilt(labels: Record<string, string>): boolean
  /** The same as `isOutdated` of an image, or a container made from it, with these labels, as the bundled folder was when Berth started. */
  isOutdatedBy(choice: ImageChoice | null, labels: Record<string, string>): boolean
  /** Builds the image of a distribution from its bundled Dockerfile, ready for work unless told otherwise. Throws as `ensure`. */
  build(options: WorkOptions & BundledBuild): Promise<FoundImage>
  /** Builds a folder of the user's. Throws FILE_UNUSABLE, IMAGE_BUILD_FAILED, CANCELLED. */
  buildOwn(options: WorkOptions & OwnBuild): Promise<FoundImage>
}

interface ImagesOptions {
  engine: { images: Pick<Engine['images'], 'inspect' | 'pull' | 'build'> }
  settings: { get(): Pick<Settings, 'image'> }
  /** Folder with the bundled Dockerfiles. */
  imageContextPath: string
  /** Berth's own version: the tag of the published image. */
  version: string
  /** Of the bundled folder, as `readContextDigests` reads them. */
  digests: ReadonlySet<string>
}

type Attempt = { source: 'local' | 'published' | 'bundled'; reason: string }

/** Of the bundled folder as it is now, for each distribution. */
export async function readContextDigests(imageContextPath: string): Promise<ReadonlySet<string>> {
  return new Set(await Promise.all(DISTROS.map(({ id }) => contextDigest(imageContextPath, id))))
}

/** The image's name on the engine. */
export function localName(distro: DistroId, size: ImageSize): string {
  return distro === DEFAULT_DISTRO && size === 'full' ? LOCAL_IMAGE : localImage(distro, size)
}

export function createImages({ engine, settings, imageContextPath, version, digests }: ImagesOptions): Images {
  const work = createSharedWork<FoundImage>('getting the image')
  /** As it was at the last try; asking a registry takes long, and `resolve` does not. */
  let publishedIsOutOfReach = false
  const published = `${PUBLISHED_REPOSITORY}:${version}`
  const isFormerContext = (digest: string | undefined) => digest !== undefined && digest !== NO_CONTEXT && !digests.has(digest)
  /** The reference, or the distribution of Berth's own image. */
  const wanted = (choice: ImageChoice | null | undefined): { name: string } | { distro: DistroId } => {
    const { image, distro } = choice ?? NO_IMAGE_CHOICE
    const name = image ?? (distro === null ? settings.get().image : null)
    return name === null ? { distro: distro ?? DEFAULT_DISTRO } : { name }
  }

  /** Where Berth's own image of a distribution may be on the engine. Only the default one is published. */
  const candidates = (distro: DistroId) => [localName(distro, 'full'), ...(distro === DEFAULT_DISTRO ? [published] : [])]

  async function findLocal(choice: ImageChoice | null | undefined): Promise<(FoundImage & ImageSummary) | null> {
    const asked = wanted(choice)
    for (const candidate of 'name' in asked ? [asked.name] : candidates(asked.distro)) {
      const image = await engine.images.inspect(candidate)
      if (image) return { reference: candidate, imageId: image.id, ...image }
    }
    return null
  }

  async function mustFind(reference: string): Promise<FoundImage> {
    const image = await engine.images.inspect(reference)
    if (image) return { reference, imageId: image.id }
    throw unavailable(reference, [{ source: 'local', reason: 'it was removed a moment ago' }])
  }

  /** Null when it is there now, else why the engine could not get it. */
  async function tryPull(reference: string, { signal, onProgress }: WorkControl): Promise<string | null> {
    const track = createPullProgress()
    onProgress(null, `Pulling ${reference}`)
    try {
      await engine.images.pull(withTag(reference), {
        signal,
        onProgress(message) {
          const { progress, detail } = track(message)
          onProgress(progress, detail)
        },
      })
      return null
    } catch (error) {
      if (isBerthError(error, 'ENGINE_REFUSED')) return error.data.reason.trim()
      throw error
    }
  }

  /** The base first: an engine says alike that a base cannot be had and that a step has failed, and they need different remedies. */
  async function buildBundled(options: WorkControl, tried: Attempt[], build: BundledBuild): Promise<FoundImage> {
    const { distro = DEFAULT_DISTRO, size = 'full', noCache } = build
    const tag = build.tag ?? localName(distro, 'full')
    const dockerfile = dockerfileOf(distro)
    const base = build.base ?? (await defaultBase(join(imageContextPath, dockerfile)))
    if (!(await engine.images.inspect(base))) {
      const reason = await tryPull(base, options)
      if (reason !== null)
        throw unavailable(tag, [...tried, { source: 'bundled', reason: `the base image ${base} is unavailable: ${reason}` }])
    }
    options.onProgress(null, `Building ${tag}`)
    await buildImage(engine.images, {
      ...options,
      ...{ tag, dockerfile, target: IMAGE_TARGETS[size], noCache, buildArguments: { BASE: base } },
      context: contextTar(imageContextPath, distro),
      labels: { [LABEL_CONTEXT]: await contextDigest(imageContextPath, distro), [LABEL_BASE]: base, [LABEL_SIZE]: size },
    })
    return mustFind(tag)
  }

  async function getOwn(distro: DistroId, options: WorkControl): Promise<FoundImage> {
    const tried: Attempt[] = [{ source: 'local', reason: `there is no ${localName(distro, 'full')} on the engine` }]
    if (distro === DEFAULT_DISTRO) {
      const reason = await tryPull(published, options)
      publishedIsOutOfReach = reason !== null
      if (reason === null) return mustFind(published)
      tried.push({ source: 'published', reason: `${published}: ${reason}` })
    }
    return buildBundled(options, tried, { distro, noCache: false })
  }

  async function getNamed(reference: string, options: WorkControl): Promise<FoundImage> {
    const reason = await tryPull(reference, options)
    if (reason === null) return mustFind(reference)
    throw unavailable(reference, [
      { source: 'local', reason: 'it is not on the engine' },
      { source: 'published', reason },
    ])
  }

  async function ensure(choice: ImageChoice | null, options: WorkOptions): Promise<FoundImage> {
    const asked = wanted(choice)
    const find = async () => {
      const found = await findLocal(choice)
      return found && { reference: found.reference, imageId: found.imageId }
    }
    // Checked again when it is this call's turn: another one may have fetched it.
    const get = async (shared: WorkControl) =>
      (await find()) ?? ('name' in asked ? getNamed(asked.name, shared) : getOwn(asked.distro, shared))
    return (await find()) ?? work.run(`get ${JSON.stringify(asked)}`, options, get)
  }

  function build({ distro, size, base, tag, noCache, ...options }: WorkOptions & BundledBuild): Promise<FoundImage> {
    const bundled = { ...(distro === undefined ? {} : { distro }), ...(size === undefined ? {} : { size }), base, tag, noCache }
    return work.run(`build ${JSON.stringify(bundled)}`, options, (shared) => buildBundled(shared, [], bundled))
  }

  return {
    ensure,
    build,
    nameOf(choice) {
      const asked = wanted(choice)
      return 'name' in asked ? asked.name : localName(asked.distro, 'full')
    },
    async isOutdated() {
      const built = (await engine.images.inspect(LOCAL_IMAGE))?.labels[LABEL_CONTEXT]
      return built !== undefined && built !== (await contextDigest(imageContextPath, DEFAULT_DISTRO))
    },
    isAsBuilt: ({ [LABEL_CONTEXT]: context = '' }) => digests.has(context),
    isOutdatedBy(choice, { [LABEL_CONTEXT]: context }) {
      if (choice !== null && 'name' in wanted(choice)) return false
      return isFormerContext(context)
    },
    async renew(choice, options) {
      const found = await findLocal(choice)
      const asked = wanted(choice)
      if ('name' in asked || !found || !isFormerContext(found.labels[LABEL_CONTEXT])) return ensure(choice, options)
      const { [LABEL_BASE]: base, [LABEL_SIZE]: size } = found.labels
      return build({ ...options, distro: asked.distro, size: size === 'base' ? 'base' : 'full', base, noCache: false })
    },
    async resolve(choice, signal) {
      const found = await findLocal(choice)
      signal?.throwIfAborted()
      if (found) return { reference: found.reference, source: 'local', imageId: found.imageId, sizeBytes: found.sizeBytes }
      const asked = wanted(choice)
      const unknown = { imageId: null, sizeBytes: null }
      if ('name' in asked) return { reference: asked.name, source: 'published', ...unknown }
      const isPublished = asked.distro === DEFAULT_DISTRO && !publishedIsOutOfReach
      return isPublished
        ? { reference: published, source: 'published', ...unknown }
        : { reference: localName(asked.distro, 'full'), source: 'bundled', ...unknown }
    },
    buildOwn: ({ context, dockerfile, tag, noCache, ...options }) =>
      work.run(`build ${JSON.stringify({ context, dockerfile, tag, noCache })}`, options, async (shared) => {
        const own = await openOwnContext(context, dockerfile)
        const labels = { [LABEL_CONTEXT]: NO_CONTEXT }
        try {
          await buildImage(engine.images, {
            ...shared,
            ...{ context: own.stream, dockerfile: OWN_DOCKERFILE, tag, buildArguments: {}, labels, noCache },
          })
        } catch (error) {
          // The engine only saw the stream break off.
          throw own.failure() ?? error
        }
        return mustFind(tag)
      }),
  }
}

/** An engine asked to pull a name alone pulls every tag of it. */
export function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  return name.includes(':') || name.includes('@') ? reference : `${reference}:latest`
}

function unavailable(image: string, tried: Attempt[]): BerthError<'IMAGE_UNAVAILABLE'> {
  return new BerthError('IMAGE_UNAVAILABLE', `The image ${image} is unavailable: ${tried.map(({ reason }) => reason).join('; ')}.`, {
    image,
    tried,
    next: 'Check the name and the network connection, or build the image from one that is on the engine: berth build --from IMAGE',
  })
}
