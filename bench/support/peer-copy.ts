import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import type Docker from 'dockerode'
import { LOCAL_IMAGE } from '../../src/main/images/images'

export interface PeerCopyOptions {
  /** Container of the source. */
  source: string
  name: string
  onCopied(): void
  onStarted(): Promise<void>
}

/** A workspace that was copied by plain calls to the engine. */
export interface PeerCopy {
  containerId: string
  remove(): Promise<void>
}

/**
 * The procedure that the peers document: stop the source, copy each volume in turn with `cp -a` in a helper container, start the
 * source. Then a container on the copies, like the source's. `onCopied` is called when the copy is complete, `onStarted` when the
 * source runs again.
 */
export async function peerCopy(docker: Docker, { source, name, onCopied, onStarted }: PeerCopyOptions): Promise<PeerCopy> {
  const container = docker.getContainer(source)
  const { Config, HostConfig, Mounts } = await container.inspect()
  const volumes = Mounts.map(({ Name: from = '', Destination: path }, index) => ({ from, path, to: `${name}-${index}` }))
  await container.stop()
  for (const { from, to } of volumes) {
    await docker.createVolume({ Name: to })
    const helper = await docker.createContainer({
      Image: LOCAL_IMAGE,
      Entrypoint: ['cp', '-a', '/from/.', '/to'],
      Cmd: [],
      User: 'root',
      HostConfig: {
        Mounts: [
          { Type: 'volume', Source: from, Target: '/from', ReadOnly: true },
          {
            Type: 'volume',
            Source: to,
            Target: '/to',
            VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} } },
          },
        ],
      },
    })
    await helper.start()
    const { StatusCode: code } = (await helper.wait()) as { StatusCode: number }
    await helper.remove()
    if (code !== 0) throw new Error(`cp of ${from} ended with ${code}`)
  }
  onCopied()
  await container.start()
  await onStarted()
  const copy = await docker.createContainer({
    name,
    Image: Config.Image,
    Env: Config.Env.filter((line) => !line.startsWith('BERTH_WORKSPACE_ID=')),
    HostConfig: {
      Init: true,
      CapAdd: HostConfig.CapAdd ?? [],
      SecurityOpt: HostConfig.SecurityOpt ?? [],
      MaskedPaths: [],
      ReadonlyPaths: [],
      PortBindings: { '22/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Mounts: volumes.map(({ to, path }) => ({ Type: 'volume', Source: to, Target: path })),
    },
  })
  await copy.start()
  await saysReady(copy)
  return {
    containerId: copy.id,
    async remove() {
      await copy.remove({ force: true })
      for (const { to } of volumes) await docker.getVolume(to).remove()
    },
  }
}

async function saysReady(container: Docker.Container): Promise<void> {
  const stream = await container.logs({ follow: true, stdout: true, stderr: true })
  const output = new PassThrough()
  container.modem.demuxStream(stream, output, output)
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      if (line === 'berth: ready') resolve()
    })
  })
  await Promise.race([ready, once(stream, 'end').then(() => Promise.reject(new Error('the copy did not become ready')))])
  output.end()
}
