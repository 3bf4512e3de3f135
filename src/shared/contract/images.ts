import { z } from 'zod'
import { imageReferenceSchema } from '../image-reference'
import { operationSchema } from '../operation'
import { procedure } from './base'

export const imageResolutionSchema = z.object({
  reference: z.string(),
  /** Where it would come from: already on the engine, pulled, or built from the bundled Dockerfile. */
  source: z.enum(['local', 'published', 'bundled']),
  imageId: z.string().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
})
export type ImageResolution = z.infer<typeof imageResolutionSchema>

export const images = {
  resolve: procedure
    .route({ method: 'GET', path: '/images/resolve', tags: ['Images'], summary: 'Which image a new workspace would get' })
    .input(z.object({ reference: imageReferenceSchema.optional() }))
    .output(imageResolutionSchema),
  build: procedure
    .route({ method: 'POST', path: '/images/build', tags: ['Images'], summary: 'Build berth:latest from the bundled Dockerfile' })
    .input(
      z.object({
        base: imageReferenceSchema.optional().describe('Base image instead of the Dockerfile’s own.'),
        noCache: z.boolean().default(false),
        wait: z.boolean().default(false),
      }),
    )
    .output(operationSchema),
}
