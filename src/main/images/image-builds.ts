import { dirname, join } from 'node:path'
import { DEFAULT_DISTRO, type DistroId, type ImageSize } from '../../shared/distros'
import { BerthError } from '../../shared/errors'
import { expandHome } from '../../shared/host-path'
import { parseImageReference } from '../../shared/image-reference'
import type { ImageBuildInput } from './image-build-operation'
import { localName, withTag } from './images'

/** What doors ask to be built. */
export interface BuildRequest {
  /** Name or id of the engine to build on; without one, on that for new workspaces. */
  engine?: string | undefined
  distro?: DistroId | undefined
  size?: ImageSize | undefined
  from?: string | undefined
  context?: string | undefined
  file?: string | undefined
  tag?: string | undefined
  noCache: boolean
}

/** Throws INPUT_INVALID for what does not go together. */
export function readBuildRequest(
  { distro, size, from, context, file, tag, noCache }: BuildRequest,
  userHome: string,
): Omit<ImageBuildInput, 'place'> {
  if (tag !== undefined && parseImageReference(tag)?.digest !== null) throw invalid('tag', 'Use a name with a tag, not a digest.')
  const given = tag === undefined ? null : withTag(tag)
  if (context === undefined && file === undefined) {
    const bundled = { kind: 'bundled' as const, distro: distro ?? DEFAULT_DISTRO, size: size ?? 'full', base: from ?? null }
    return { tag: given ?? localName(bundled.distro, bundled.size), from: bundled, noCache }
  }
  if (given === null) throw invalid('tag', 'An image from your own folder needs a tag.')
  const bundledOnly = { distro, size, from }
  for (const [name, value] of Object.entries(bundledOnly)) {
    if (value !== undefined) throw invalid(name, `${name} only works with the bundled Dockerfiles, not with your own folder.`)
  }
  const dockerfile = expandHome(file ?? join(context ?? '', 'Dockerfile'), userHome)
  return { tag: given, from: { kind: 'own', dockerfile, context: expandHome(context ?? dirname(dockerfile), userHome) }, noCache }
}

function invalid(path: string, message: string): BerthError {
  return new BerthError('INPUT_INVALID', message, { issues: [{ path, message }], next: 'Correct it and try again.' })
}
