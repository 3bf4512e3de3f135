import type { OperationDefinition } from '../operations/operation-definition'
import type { Images } from './images'

export interface ImageBuildInput {
  base: string | null
  noCache: boolean
}

/** `berth build` as an operation. Nothing to take back: the engine keeps an image only once it is whole. */
export function imageBuildDefinition(images: Images): OperationDefinition<ImageBuildInput> {
  return {
    kind: 'image.build',
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
