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
  references: z.array(z.string()).describe('Names of the image; empty if a newer image has taken its name.'),
  isBerths: z
    .boolean()
    .describe('Whether Berth built or pulled it. Other images are listed because they are based on one of Berth’s or used by workspaces.'),
  isOutdated: z.boolean().describe('Whether this version of Berth would build it differently; rebuild the image to update it.'),
  sizeBytes: z.number().nonnegative(),
  createdAt: timestampSchema,
  usedBy: z.array(z.string()).describe('Names of the workspaces that use it.'),
  isRemovable: z.boolean().describe('Whether Berth can remove it: Berth made it and nothing uses it.'),
})
export type ListedImage = z.infer<typeof listedImageSchema>

const engine = engineReferenceSchema.optional()

export const images = {
  list: procedure
    .route({ method: 'GET', path: '/images', tags: ['Images'], summary: 'List Berth’s images and those that workspaces use' })
    .input(z.object({ engine }))
    .output(z.array(listedImageSchema)),
  remove: procedure
    .route({ method: 'DELETE', path: '/images/{imageId}', tags: ['Images'], summary: 'Remove an unused image of Berth' })
    .input(z.object({ engine, imageId: z.string().max(128).describe('Id of the image, from the list.') }))
    .output(z.object({})),
  resolve: procedure
    .route({ method: 'GET', path: '/images/resolve', tags: ['Images'], summary: 'Get the image that a new workspace would use' })
    .input(z.object({ engine, reference: imageReferenceSchema.optional(), distro: distroSchema.optional() }))
    .output(imageResolutionSchema),
  build: procedure
    .route({
      method: 'POST',
      path: '/images/build',
      tags: ['Images'],
      summary: 'Build the image of a distribution from the bundled Dockerfile, or an image from your own folder',
    })
    .input(
      z.object({
        engine,
        distro: distroSchema.optional().describe('Distribution of the bundled Dockerfile. Default: Debian 13.'),
        size: z.enum(IMAGE_SIZES).optional().describe('`base` has only what Berth needs, `full` is ready for work. Default: `full`.'),
        from: imageReferenceSchema.optional().describe('Base image, instead of the one in the bundled Dockerfile.'),
        context: hostPathSchema.optional().describe('Folder to build instead of the bundled one, on the machine that runs Berth.'),
        file: hostPathSchema.optional().describe('Path of the Dockerfile. Default: `Dockerfile` in the folder.'),
        tag: imageReferenceSchema.optional().describe('Name of the image. Required with `context` or `file`.'),
        noCache: z.boolean().default(false),
        wait: z.boolean().default(false),
      }),
    )
    .output(operationSchema),
  buildLog: procedure
    .route({ method: 'GET', path: '/images/build-log', tags: ['Images'], summary: 'Get the output of the last image build' })
    .output(z.object({ lines: z.array(z.string()).nullable().describe('null before the first build.') })),
}
