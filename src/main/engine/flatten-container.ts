import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { readMessages } from './image-messages'
import { imageOf } from './image-of'

/** Makes an image of all the container’s files in one layer, with the settings of the image that the container was made from. */
export async function flattenContainer(docker: Docker, id: string, reference: string): Promise<void> {
  const container = docker.getContainer(id)
  const { Config: config } = await imageOf(docker, (await container.inspect()).Image).inspect()
  const list = (words: string | string[] | null | undefined) => JSON.stringify(words == null ? [] : [words].flat())
  const changes = [
    `ENTRYPOINT ${list(config.Entrypoint)}`,
    `CMD ${list(config.Cmd)}`,
    ...(config.Env ?? []).map((variable) => {
      const separator = variable.indexOf('=')
      return `ENV ${variable.slice(0, separator)}=${JSON.stringify(variable.slice(separator + 1))}`
    }),
    ...Object.keys(config.ExposedPorts ?? {}).map((port) => `EXPOSE ${port}`),
    ...Object.entries(config.Labels ?? {}).map(([name, value]) => `LABEL ${JSON.stringify(name)}=${JSON.stringify(value)}`),
    ...(config.WorkingDir ? [`WORKDIR ${config.WorkingDir}`] : []),
    ...(config.User ? [`USER ${config.User}`] : []),
  ]
  const separator = reference.lastIndexOf(':')
  const files = await container.export()
  const answer = await docker.importImage(files, {
    repo: reference.slice(0, separator),
    tag: reference.slice(separator + 1),
    changes: changes.join('\n'),
  })
  await readMessages(answer as Readable, new AbortController().signal, () => undefined)
}
