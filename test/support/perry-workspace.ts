import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { LOCAL_IMAGE } from '../../src/main/images/images'
import { docker, uniqueName } from './test-core'

/** As another tool would do it: a user and an entrypoint of its own, no settings of Berth's, an ssh server that reads one file only. */
const DOCKERFILE = `FROM ${LOCAL_IMAGE}
RUN userdel workspace && useradd --no-create-home --home-dir /home/workspace --uid 1500 --shell /bin/bash dev && usermod -aG docker dev \\
 && rm -rf /usr/local/lib/berth /etc/berth /etc/ssh/sshd_config.d/10-berth.conf /etc/sudoers.d/workspace \\
 && sed -i '/^Include/d' /etc/ssh/sshd_config && chown 1500:1500 /home/workspace
ENV FLAVOUR=plain
COPY entrypoint /usr/local/bin/perry-entrypoint
ENTRYPOINT ["/usr/local/bin/perry-entrypoint"]
`
const ENTRYPOINT = `#!/bin/bash
for group in /sys/fs/cgroup /sys/fs/cgroup/*; do mountpoint -q $group && mount -o remount,bind,rw $group; done
rm -f /var/run/docker.pid
dockerd --storage-driver overlay2 >/var/log/dockerd.log 2>&1 &
until docker info >/dev/null 2>&1; do sleep 0.1; done
echo perry is up
exec sleep infinity
`

/** Builds it; to be removed with `docker.getImage(tag).remove()`. */
export async function buildPerryImage(): Promise<string> {
  const tag = `${uniqueName('perry')}:1`
  const context = pack()
  context.entry({ name: 'Dockerfile' }, DOCKERFILE)
  context.entry({ name: 'entrypoint', mode: 0o755 }, ENTRYPOINT)
  context.finalize()
  const stream: NodeJS.ReadableStream = await docker.buildImage(Readable.from(context), { t: tag })
  for await (const line of createInterface({ input: stream })) {
    const { error }: { error?: string } = JSON.parse(line)
    if (error) throw new Error(error)
  }
  return tag
}

export interface PerryWorkspace {
  name: string
  containerId: string
  port: number
  remove(): Promise<void>
}

interface PerryOptions {
  name?: string
  image?: string
  start?: boolean
  port: number
  /** Folders of the machine, as for `docker run -v`. */
  binds?: string[]
}

/** A workspace as Perry makes one: container, labels, volumes and port by its conventions. */
export async function makePerryWorkspace({
  name = uniqueName('perry'),
  image,
  start = true,
  port,
  binds,
}: PerryOptions): Promise<PerryWorkspace> {
  const volumes = [`workspace-${name}`, `workspace-${name}-docker`]
  for (const volume of volumes) await docker.createVolume({ Name: volume })
  const container = await docker.createContainer({
    name: `workspace-${name}`,
    Image: image ?? LOCAL_IMAGE,
    Labels: { 'workspace.managed': 'true', 'workspace.name': name },
    Env: ['TOKEN=secret', 'FLAVOUR=spicy'],
    ExposedPorts: { '22/tcp': {} },
    HostConfig: {
      Init: true,
      CapAdd: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      Binds: [`workspace-${name}:/home/workspace`, `workspace-${name}-docker:/var/lib/docker`, ...(binds ?? [])],
      PortBindings: { '22/tcp': [{ HostIp: '0.0.0.0', HostPort: String(port) }] },
    },
  })
  if (start) await container.start()
  return {
    name,
    containerId: container.id,
    port,
    async remove() {
      const left = await docker.listContainers({ all: true, filters: { label: [`workspace.name=${name}`] } })
      await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true })))
      const { Volumes: kept } = await docker.listVolumes({ filters: { name: volumes } })
      for (const volume of kept) if (volumes.includes(volume.Name)) await docker.getVolume(volume.Name).remove()
    },
  }
}

/** Runs a shell line as root in the container, past Berth. */
export async function insideContainer(containerId: string, line: string): Promise<string> {
  const exec = await docker.getContainer(containerId).exec({ Cmd: ['bash', '-c', line], AttachStdout: true, AttachStderr: true, Tty: true })
  const stream = await exec.start({ Tty: true })
  let output = ''
  for await (const chunk of stream) output += String(chunk)
  const { ExitCode: code } = await exec.inspect()
  if (code !== 0) throw new Error(`“${line}” ended with ${code}: ${output}`)
  return output.replaceAll('\r', '').trimEnd()
}
