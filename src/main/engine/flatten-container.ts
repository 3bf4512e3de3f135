import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { blankTarFiles } from './blank-tar-files'
import { readMessages } from './image-messages'
import { imageOf } from './image-of'

/** What a flattened image is not to hold. */
export interface LeftOut {
  /** Paths without the first slash. The files stay, with zeros in them. */
  files: string[]
  /** Variables that are not set in it, by name. */
  variables: string[]
}

/** Creates an image of all the container’s files in one layer, with the settings of the container’s image. */
export async function flattenContainer(
  docker: Docker,
  id: string,
  reference: string,
  leftOut: LeftOut = { files: [], variables: [] },
): Promise<void> {
  const container = docker.getContainer(id)
  const { Config: config } = await imageOf(docker, (await container.inspect()).Image).inspect()
  const list = (words: string | string[] | null | undefined) => JSON.stringify(words == null ? [] : [words].flat())
  const changes = [
    `ENTRYPOINT ${list(config.Entrypoint)}`,
    `CMD ${list(config.Cmd)}`,
    ...(config.Env ?? []).flatMap((variable) => {
      const separator = variable.indexOf('=')
      const name = variable.slice(0, separator)
      return leftOut.variables.includes(name) ? [] : [`ENV ${name}=${JSON.stringify(variable.slice(separator + 1))}`]
    }),
    ...Object.keys(config.ExposedPorts ?? {}).map((port) => `EXPOSE ${port}`),
    ...Object.entries(config.Labels ?? {}).map(([name, value]) => `LABEL ${JSON.stringify(name)}=${JSON.stringify(value)}`),
    ...(config.WorkingDir ? [`WORKDIR ${config.WorkingDir}`] : []),
    ...(config.User ? [`USER ${config.User}`] : []),
  ]
  const files = (await container.export()) as Readable
  const imported = leftOut.files.length === 0 ? files : files.pipe(blankTarFiles(leftOut.files))
  files.once('error', (error) => imported.destroy(error))
  // One line each, and the tag with the name: Podman takes lines for one, and passes over a tag that comes alone.
  const answer = await docker.importImage(imported, { repo: reference, changes })
  await readMessages(answer as Readable, new AbortController().signal, () => undefined)
}

/** The same for an image. The container is removed again; if the process ends before that, its labels identify it. */
export async function flattenImage(
  docker: Docker,
  image: string,
  reference: string,
  labels: Record<string, string>,
  leftOut: LeftOut,
): Promise<void> {
  const container = await docker.createContainer({ Image: image, Labels: labels })
  try {
    await flattenContainer(docker, container.id, reference, leftOut)
  } finally {
    await container.remove({ force: true })
  }
}
