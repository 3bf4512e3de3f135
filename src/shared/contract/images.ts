import { z } from 'zod'
import { IMAGE_SIZES } from '../distros'
import { hostPathSchema } from '../host-path'
import { distroSchema } from '../image-choice'
import { imageReferenceSchema } from '../image-reference'
import { operationSchema } from '../operation'
import { timestampSchema } from '../workspace'
import { procedure } from './base'
import { engineReferenceSchema } from './engines'

export const imageResolutionSchema = z.object({
  reference: z.string(),
  /** Where it would come from: already on the engine, pulled, or built from the bundled Dockerfile. */
  source: z.enum(['local', 'published', 'bundled']),
  imageId: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
})
export type ImageResolution = z.infer<typeof imageResolutionSchema>

export const listedImageSchema = z.object({
  id: z.string(),
  references: z.array(z.string()).describe('Its names; none for one whose name a newer one has taken.'),
  isBerths: z
    .boolean()
    .describe('Berth built or pulled it. Others are in the list since they were built upon it, or workspaces are made from them.'),
  isOutdated: z.boolean().describe('This Berth would build it otherwise: build it again.'),
  sizeBytes: z.number().nonnegative(),
  createdAt: timestampSchema,
  usedBy: z.array(z.string()).describe('Names of the workspaces that are made from it.'),
  isRemovable: z.boolean().describe('Berth may remove it: it is of Berth’s making, and nothing uses it.'),
})
export type ListedImage = z.infer<typeof listedImageSchema>

const engine = engineReferenceSchema.optional()

export const images = {
  list: procedure
    .route({ method: 'GET', path: '/images', tags: ['Images'], summary: 'Images of Berth, and those that workspaces are made from' })
    .input(z.object({ engine }))
    .output(z.array(listedImageSchema)),
  remove: procedure
    .route({ method: 'DELETE', path: '/images/{imageId}', tags: ['Images'], summary: 'Remove an image of Berth that nothing uses' })
    .input(z.object({ engine, imageId: z.string().max(128).describe('Its id, from the list.') }))
    .output(z.object({})),
  resolve: procedure
    .route({ method: 'GET', path: '/images/resolve', tags: ['Images'], summary: 'Which image a new workspace would get' })
    .input(z.object({ engine, reference: imageReferenceSchema.optional(), distro: distroSchema.optional() }))
    .output(imageResolutionSchema),
  build: procedure
    .route({
      method: 'POST',
      path: '/images/build',
      tags: ['Images'],
      summary: 'Build the image of a distribution from its bundled Dockerfile, or a folder of your own',
    })
    .input(
      z.object({
        engine,
        distro: distroSchema.optional().describe('Of the bundled Dockerfile; Debian 13 if left out.'),
        size: z.enum(IMAGE_SIZES).optional().describe('`base` is what Berth itself needs, `full` is ready for work; `full` if left out.'),
        from: imageReferenceSchema.optional().describe('The image to build on, instead of the one that the bundled Dockerfile names.'),
        context: hostPathSchema.optional().describe('A folder, on the machine that Berth runs on, to build instead of the bundled one.'),
        file: hostPathSchema.optional().describe('Its Dockerfile; `Dockerfile` in the folder if left out.'),
        tag: imageReferenceSchema.optional().describe('What to call the image. Needed with `context` or `file`.'),
        noCache: z.boolean().default(false),
        wait: z.boolean().default(false),
      }),
    )
    .output(operationSchema),
  buildLog: procedure
    .route({ method: 'GET', path: '/images/build-log', tags: ['Images'], summary: 'What the last build of an image printed' })
    .output(z.object({ lines: z.array(z.string()).nullable().describe('null before the first build.') })),
}
