import { z } from 'zod'
import { DEFAULT_DISTRO, IMAGE_SIZES } from '../../shared/distros'
import { distroSchema } from '../../shared/image-choice'
import { firstVersion } from '../operations/first-version'
import type { OperationDefinition } from '../operations/operation-definition'
import { LOCAL_PLACE } from '../settings/records'
import type { ImageBuildLog } from './image-build-log'
import { type Images, localName } from './images'

const imageBuildInputSchema = z.object({
  /** Id of the place to build it in. */
  place: z.string().default(LOCAL_PLACE),
  /** What the image is called when it is built. */
  tag: z.string(),
  from: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('bundled'), distro: distroSchema, size: z.enum(IMAGE_SIZES), base: z.string().nullable() }),
    z.object({ kind: z.literal('own'), context: z.string(), dockerfile: z.string() }),
  ]),
  noCache: z.boolean(),
})
export type ImageBuildInput = z.infer<typeof imageBuildInputSchema>

/** What was there until there were several images to build. */
const formerInputSchema = z.object({ base: z.string().nullable(), noCache: z.boolean() }).transform(
  ({ base, noCache }): ImageBuildInput => ({
    place: LOCAL_PLACE,
    tag: localName(DEFAULT_DISTRO, 'full'),
    from: { kind: 'bundled', distro: DEFAULT_DISTRO, size: 'full', base },
    noCache,
  }),
)

/** `berth build` as an operation. There is nothing to undo: the engine only keeps complete images. */
export function imageBuildDefinition(imagesOf: (place: string) => Images, buildLog: ImageBuildLog): OperationDefinition<ImageBuildInput> {
  const first = firstVersion('image.build')
  return {
    kind: 'image.build',
    version: 3,
    input: imageBuildInputSchema,
    older: [
      { ...first, version: 2, input: formerInputSchema },
      { ...first, input: formerInputSchema },
    ],
    commitStep: null,
    cancellable: true,
    placesOf: ({ place }) => [place],
    steps: [
      {
        name: 'build',
        title: 'Build image',
        async run({ input: { place, tag, from, noCache }, signal, progress, detail }) {
          const images = imagesOf(place)
          const record = buildLog.begin(tag)
          const options = {
            ...{ tag, noCache, signal },
            onLine: record.line,
            onProgress(made: Parameters<typeof progress>[0], text: string) {
              progress(made)
              detail(text)
            },
          }
          try {
            if (from.kind === 'own') await images.buildOwn({ ...options, ...from })
            else await images.build({ ...options, distro: from.distro, size: from.size, base: from.base ?? undefined })
            await record.end(null)
          } catch (error) {
            await record.end(error)
            throw error
          }
        },
      },
    ],
  }
}
