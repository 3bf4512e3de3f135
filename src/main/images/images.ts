import { join } from 'node:path'
import type { ImageResolution } from '../../shared/contract/images'
import type { Settings } from '../../shared/contract/settings'
import { DEFAULT_DISTRO, dockerfileOf, IMAGE_TARGETS, type ImageSize, localImage } from '../../shared/distros'
import { BerthError, isBerthError } from '../../shared/errors'
import type { Engine } from '../engine/engine'
import type { ImageSummary } from '../engine/images'
import { contextDigest } from './context-tar'
import { buildImage, defaultBase, LABEL_BASE, LABEL_CONTEXT, LABEL_SIZE } from './image-build'
import { createPullProgress } from './pull-progress'
import { createSharedWork, type WorkControl, type WorkOptions } from './shared-work'

/** What `berth build` makes, and what is looked for first. Another tag lets a changed image be tried beside the one in use. */
export const LOCAL_IMAGE = process.env.BERTH_IMAGE_TAG ?? localImage(DEFAULT_DISTRO, 'full')

/** Where the image of each release is published. Without a registry's host: the engine knows where to look. */
export const PUBLISHED_REPOSITORY = 'berthdev/workspace'

export interface FoundImage {
  /** As it was asked for; for Berth’s own, whichever of its names was found. */
  reference: string
  imageId: string
}

/** Which image a workspace starts from, and how it comes to be on the engine. */
export interface Images {
  /** Where the image would come from; looks at the engine only, pulls and builds nothing. null and undefined mean Berth's own. */
  resolve(reference?: string | null, signal?: AbortSignal): Promise<ImageResolution>
  /**
   * Makes sure the image is on the engine. The setting's image when no reference is given; Berth's own when there is none either:
   * `berth:latest` if it is there, else the published image of this version, else built from the bundled Dockerfile.
   * Calls at the same time share one pull or build. Throws IMAGE_UNAVAILABLE, IMAGE_BUILD_FAILED, CANCELLED.
   */
  ensure(reference: string | null, options: WorkOptions): Promise<FoundImage>
  /** As `ensure`; Berth's own image is built again, on the same base, where it is out of date. */
  renew(reference: string | null, options: WorkOptions): Promise<FoundImage>
  /** Whether `berth:latest` was built from an older bundled folder than this one. An image of the user's own never is. */
  isOutdated(): Promise<boolean>
  /** Builds `berth:latest` from the bundled Dockerfile, ready for work unless told otherwise, on another base if one is given. Throws as `ensure`. */
  build(options: WorkOptions & { base?: string | undefined; size?: ImageSize; noCache: boolean }): Promise<FoundImage>
}

interface ImagesOptions {
  engine: { images: Pick<Engine['images'], 'inspect' | 'pull' | 'build'> }
  settings: { get(): Pick<Settings, 'image'> }
  /** Folder with the bundled Dockerfile. */
  imageContextPath: string
  /** Berth's own version: the tag of the published image. */
  version: string
}

type Attempt = { source: 'local' | 'published' | 'bundled'; reason: string }

export function createImages({ engine, settings, imageContextPath, version }: ImagesOptions): Images {
  const work = createSharedWork<FoundImage>('getting the image')
  /** As it was at the last try; asking a registry takes long, and `resolve` does not. */
  let publishedIsOutOfReach = false
  const published = `${PUBLISHED_REPOSITORY}:${version}`
  const wanted = (reference: string | null | undefined) => reference ?? settings.get().image

  async function findLocal(reference: string | null): Promise<(FoundImage & ImageSummary) | null> {
    for (const candidate of reference === null ? [LOCAL_IMAGE, published] : [reference]) {
      const image = await engine.images.inspect(candidate)
      if (image) return { reference: candidate, imageId: image.id, ...image }
    }
    return null
  }

  async function mustFind(reference: string): Promise<FoundImage> {
    const image = await engine.images.inspect(reference)
    if (image) return { reference, imageId: image.id }
    throw unavailable(reference, [{ source: 'local', reason: 'it was there a moment ago, and has been removed since' }])
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
  async function buildOwn(
    options: WorkControl,
    tried: Attempt[],
    { base: givenBase, size = 'full', noCache }: { base?: string | undefined; size?: ImageSize | undefined; noCache: boolean },
  ): Promise<FoundImage> {
    const dockerfile = dockerfileOf(DEFAULT_DISTRO)
    const base = givenBase ?? (await defaultBase(join(imageContextPath, dockerfile)))
    if (!(await engine.images.inspect(base))) {
      const reason = await tryPull(base, options)
      if (reason !== null) throw unavailable(LOCAL_IMAGE, [...tried, { source: 'bundled', reason: `no base image ${base}: ${reason}` }])
    }
    options.onProgress(null, `Building ${LOCAL_IMAGE}`)
    const target = IMAGE_TARGETS[size]
    await buildImage(engine.images, {
      ...options,
      contextPath: imageContextPath,
      dockerfile,
      target,
      size,
      tag: LOCAL_IMAGE,
      base,
      noCache,
    })
    return mustFind(LOCAL_IMAGE)
  }

  async function getOwn(options: WorkControl): Promise<FoundImage> {
    const reason = await tryPull(published, options)
    publishedIsOutOfReach = reason !== null
    if (reason === null) return mustFind(published)
    const tried: Attempt[] = [
      { source: 'local', reason: `there is no ${LOCAL_IMAGE} on the engine` },
      { source: 'published', reason: `${published}: ${reason}` },
    ]
    return buildOwn(options, tried, { noCache: false })
  }

  async function getNamed(reference: string, options: WorkControl): Promise<FoundImage> {
    const reason = await tryPull(reference, options)
    if (reason === null) return mustFind(reference)
    throw unavailable(reference, [
      { source: 'local', reason: 'it is not on the engine' },
      { source: 'published', reason },
    ])
  }

  async function ensure(reference: string | null, options: WorkOptions): Promise<FoundImage> {
    const name = wanted(reference)
    const find = async () => {
      const found = await findLocal(name)
      return found && { reference: found.reference, imageId: found.imageId }
    }
    // Looked for again once it is this call's turn: another may just have got it.
    const get = async (shared: WorkControl) => (await find()) ?? (name === null ? getOwn(shared) : getNamed(name, shared))
    return (await find()) ?? work.run(`get ${name ?? ''}`, options, get)
  }

  async function isOutdated(): Promise<boolean> {
    const built = (await engine.images.inspect(LOCAL_IMAGE))?.labels[LABEL_CONTEXT]
    return built !== undefined && built !== (await contextDigest(imageContextPath))
  }

  function build({ base, size, noCache, ...options }: Parameters<Images['build']>[0]): Promise<FoundImage> {
    return work.run(`build ${size ?? ''} ${base ?? ''} ${noCache}`, options, (shared) => buildOwn(shared, [], { base, size, noCache }))
  }

  return {
    ensure,
    isOutdated,
    build,
    async renew(reference, options) {
      if (wanted(reference) !== null || !(await isOutdated())) return ensure(reference, options)
      const { [LABEL_BASE]: base, [LABEL_SIZE]: size } = (await engine.images.inspect(LOCAL_IMAGE))?.labels ?? {}
      return build({ ...options, base, size: size === 'base' ? 'base' : 'full', noCache: false })
    },
    async resolve(reference, signal) {
      const name = wanted(reference)
      const found = await findLocal(name)
      signal?.throwIfAborted()
      if (found) return { reference: found.reference, source: 'local', imageId: found.imageId, sizeBytes: found.sizeBytes }
      if (name === null && publishedIsOutOfReach) return { reference: LOCAL_IMAGE, source: 'bundled', imageId: null, sizeBytes: null }
      return { reference: name ?? published, source: 'published', imageId: null, sizeBytes: null }
    },
  }
}

/** An engine asked to pull a name alone pulls every tag of it. */
export function withTag(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  return name.includes(':') || name.includes('@') ? reference : `${reference}:latest`
}

function unavailable(image: string, tried: Attempt[]): BerthError<'IMAGE_UNAVAILABLE'> {
  return new BerthError('IMAGE_UNAVAILABLE', `The image ${image} cannot be had: ${tried.map(({ reason }) => reason).join('; ')}.`, {
    image,
    tried,
    next: 'Check the name and the network, or build it yourself: berth build --base with an image that is on the engine.',
  })
}
