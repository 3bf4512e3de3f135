import { z } from 'zod'
import { firstVersion } from '../operations/first-version'
import type { OperationDefinition } from '../operations/operation-definition'
import type { Images } from './images'

const imageBuildInputSchema = z.object({ base: z.string().nullable(), noCache: z.boolean() })
export type ImageBuildInput = z.infer<typeof imageBuildInputSchema>

/** `berth build` as an operation. Nothing to take back: the engine keeps an image only once it is whole. */
export function imageBuildDefinition(images: Images): OperationDefinition<ImageBuildInput> {
  return {
    kind: 'image.build',
    version: 2,
    input: imageBuildInputSchema,
    older: [firstVersion('image.build')],
    commitStep: null,
    cancellable: true,
    steps: [
      {
        name: 'build',
        title: 'Build image',
        async run({ input, signal, progress, detail }) {
          await images.build({
            base: input.base ?? undefined,
            noCache: input.noCache,
            signal,
            onProgress(made, text) {
              progress(made)
              detail(text)
            },
          })
        },
      },
    ],
  }
}
