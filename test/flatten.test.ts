import { expect } from 'vitest'
import { longIt } from './support/long'
import { connectEngine } from './support/test-container'
import { docker, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

longIt('a container becomes an image of one layer, with its files and the settings of its image', async () => {
  const engine = await connectEngine()
  const reference = `berth-test/${uniqueName('flat')}:one`
  const container = await docker.createContainer({
    Image: helperImage,
    Entrypoint: ['sh', '-c', 'echo kept >/opt/kept'],
    Cmd: [],
    User: 'root',
  })
  try {
    await container.start()
    await container.wait()
    await engine.containers.flatten(container.id, reference)
    const [flat, image] = await Promise.all([docker.getImage(reference).inspect(), docker.getImage(helperImage).inspect()])
    expect(flat.RootFS.Layers).toHaveLength(1)
    const settings = ({ Entrypoint, Cmd, Env, ExposedPorts, Labels, WorkingDir, User }: typeof image.Config) => ({
      ...{
        entrypoint: Entrypoint,
        command: Cmd ?? [],
        environment: Env,
        ports: ExposedPorts,
        labels: Labels,
        folder: WorkingDir,
        user: User,
      },
    })
    expect({ ...settings(flat.Config), command: flat.Config.Cmd ?? [] }).toEqual(settings(image.Config))
    const reader = await docker.createContainer({ Image: reference, Entrypoint: ['grep', '-qx', 'kept', '/opt/kept'], Cmd: [] })
    await reader.start()
    expect(await reader.wait()).toMatchObject({ StatusCode: 0 })
    await reader.remove()
  } finally {
    await container.remove({ force: true })
    await engine.images.remove(reference)
    engine.close()
  }
})
