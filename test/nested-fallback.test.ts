import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { promisify } from 'node:util'
import type Docker from 'dockerode'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { workspaceDetails } from '../src/cli/output/format/workspace-lines'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { createRuntimeFiles } from '../src/main/provisioning/runtime-files'
import { imageContextPath } from '../src/main/resource-paths'
import { type NestedEngine, nestedEngineSchema } from '../src/shared/nested-engine'
import { MAKE_TINY_IMAGE } from './support/first-day-commands'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { connectEngine } from './support/test-container'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

/** The Docker engine inside a workspace where the container does not allow all that it needs. */
const run = promisify(execFile)

const READY_MS = 60_000
const UNCONFINED = ['seccomp=unconfined', 'apparmor=unconfined']
const NORMAL = { CapAdd: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'], SecurityOpt: UNCONFINED, MaskedPaths: [], ReadonlyPaths: [] }
const RUN_NESTED = 'docker run --rm tiny:1 /bin/sh -c "echo nested"'
const DRIVER = 'docker info --format "{{.Driver}} {{json .Labels}}"'

describe('a workspace on a volume where overlay does not work', () => {
  const name = uniqueName('overlay')
  let folder: string
  let second: SecondEngine
  let test: TestCore
  const core = () => test.core

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-fallback-'))
    for (const layer of ['lower', 'upper', 'work', 'data/volumes']) await mkdir(join(folder, layer), { recursive: true })
    // An engine that does not find its folder shared mounts it on itself, above what is mounted there.
    await run('mount', ['--bind', '--make-shared', join(folder, 'data'), join(folder, 'data')])
    const layers = `lowerdir=${folder}/lower,upperdir=${folder}/upper,workdir=${folder}/work`
    await run('mount', ['-t', 'overlay', 'berth-test', '-o', layers, join(folder, 'data/volumes')])
    second = await startSecondEngine({ dataRoot: join(folder, 'data') })
    await second.takeImage(LOCAL_IMAGE)
    test = await createTestCore({ engineEndpoint: second.endpoint })
    await core().local.engine.reconnect()
  })
  afterAll(async () => {
    await test?.dispose()
    await second?.dispose()
    await run('umount', [join(folder, 'data/volumes')])
    await run('umount', [join(folder, 'data')])
    await rm(folder, { recursive: true, force: true })
  })

  it('has a nested engine with another storage driver, and says so once, in its view, and inside', async () => {
    const { notices } = await done(core(), core().workspaces.start({ name }))
    const remark =
      'The Docker engine inside uses a slower storage driver that needs more space, because overlay2 does not work on its volume.'
    const view = core().workspaces.get(name)
    expect(notices).toContain(remark)
    expect(view).toMatchObject({ status: 'running', problem: null, nestedEngine: { lacks: ['overlay'], hidden: [] } })
    expect(workspaceDetails(view, '/ssh/config', 0, (_, text) => text).join('\n')).toContain(remark)
    await inside(core(), name, MAKE_TINY_IMAGE)
    expect(await inside(core(), name, RUN_NESTED)).toBe('nested')
    expect(await inside(core(), name, DRIVER)).toBe('vfs ["dev.berth.without=overlay"]')
  })

  it('keeps its images over a restart, which says nothing new', async () => {
    const { notices } = await done(core(), core().workspaces.restart(name))
    expect(notices).toEqual([])
    expect(await inside(core(), name, RUN_NESTED)).toBe('nested')
  })
})

describe('a container', () => {
  const made: Docker.Container[] = []
  const volumes: string[] = []
  afterEach(async () => {
    for (const container of made.splice(0)) await container.remove({ force: true, v: true })
    for (const volume of volumes.splice(0).reverse()) await docker.getVolume(volume).remove()
  })

  async function volume(options: Docker.VolumeCreateOptions = {}): Promise<string> {
    const name = uniqueName('nested')
    await docker.createVolume({ Name: name, ...options })
    volumes.push(name)
    return name
  }

  /** With this Berth's entrypoint, as a start puts it there. */
  async function start(config: Docker.HostConfig, docked: string): Promise<Docker.Container> {
    const container = await docker.createContainer({
      name: uniqueName('nested'),
      Image: LOCAL_IMAGE,
      HostConfig: { Init: true, Binds: [`${docked}:/var/lib/docker`], ...config },
    })
    made.push(container)
    const { Config } = await container.inspect()
    const engine = await connectEngine()
    await engine.containers.putFiles(
      container.id,
      await createRuntimeFiles(join(imageContextPath(), '..'))([Config.Entrypoint ?? []].flat()),
    )
    await engine.close()
    await container.start()
    return container
  }

  it('whose volume has images of a driver keeps to it, though a better one works', async () => {
    const docked = await volume()
    const first = await start({ ...NORMAL }, docked)
    await ready(first)
    await shell(first, `mkdir -p /etc/docker && echo '{"storage-driver":"vfs"}' >/etc/docker/daemon.json`)
    await first.restart()
    expect(await ready(first)).toEqual({ lacks: [], hidden: [] })
    await shell(first, MAKE_TINY_IMAGE)
    await first.remove({ force: true })
    made.splice(0)
    const second = await start({ ...NORMAL }, docked)
    expect(await ready(second)).toEqual({ lacks: [], hidden: [] })
    expect(await shell(second, DRIVER)).toBe('vfs []')
    expect(await shell(second, RUN_NESTED)).toBe('nested')
  })

  it('whose volume has images of a driver that does not work says that they are out of sight, and keeps them', async () => {
    const docked = await volume()
    const first = await start({ ...NORMAL }, docked)
    await ready(first)
    await shell(first, MAKE_TINY_IMAGE)
    await first.stop()
    // The same files, on a file system that takes no overlay.
    const folder = await mkdtemp(join(tmpdir(), 'berth-fallback-'))
    for (const layer of ['upper', 'work']) await mkdir(join(folder, layer))
    const { Mountpoint } = await docker.getVolume(docked).inspect()
    const o = `lowerdir=${Mountpoint},upperdir=${folder}/upper,workdir=${folder}/work`
    const above = await volume({ Driver: 'local', DriverOpts: { type: 'overlay', device: 'overlay', o } })
    const second = await start({ ...NORMAL }, above)
    expect(await ready(second)).toEqual({ lacks: ['overlay'], hidden: ['overlay2'] })
    expect(await shell(second, 'docker image ls -q')).toBe('')
    expect(await shell(second, 'ls /var/lib/docker/image/overlay2/imagedb/content/sha256 | wc -l')).toBe('1')
    await second.remove({ force: true })
    made.splice(made.indexOf(second), 1)
    await rm(folder, { recursive: true, force: true })
  })

  it('without the right to mount runs its nested engine in a user namespace: containers run, without limits and networks', async () => {
    const container = await start({ SecurityOpt: UNCONFINED, MaskedPaths: [], ReadonlyPaths: [] }, await volume())
    expect(await ready(container)).toEqual({ lacks: ['groups', 'networks'], hidden: [] })
    await shell(container, MAKE_TINY_IMAGE)
    expect(await shell(container, RUN_NESTED)).toBe('nested')
    expect(await shell(container, DRIVER)).toBe('overlay2 ["dev.berth.without=groups networks"]')
    // What is handed over is in memory there too, and nobody but root reads it.
    expect(await shell(container, 'stat -fLc %T /run/berth; stat -Lc %a /run/berth /run/berth/state')).toBe('tmpfs\n711\n600')
    await container.restart()
    expect(await ready(container)).toEqual({ lacks: ['groups', 'networks'], hidden: [] })
  })

  it('without any of it has no nested engine, and all else', async () => {
    const container = await start({}, await volume())
    expect(await ready(container)).toEqual({ lacks: ['engine'], hidden: [] })
    expect(await shell(container, 'cat /var/log/berth/dockerd.log')).toContain('The nested Docker engine does not run')
    expect(await shell(container, 'ps -C sshd -o user= | head -1; ps -C dockerd -o pid= | wc -l')).toBe('root\n0')
    // Nothing is started again and again.
    expect((await container.inspect()).RestartCount).toBe(0)
  })
})

/** What the entrypoint has noted of the nested engine since the container's last start. */
async function ready(container: Docker.Container): Promise<NestedEngine> {
  const note = await vi.waitFor(
    async () => {
      const notes = (await shell(container, 'cat /run/berth/state')).split('\n').map((line) => JSON.parse(line))
      const found = notes.find(({ state }) => state === 'ready')
      if (!found) throw new Error('it is not ready yet')
      return found
    },
    { timeout: READY_MS, interval: 300 },
  )
  return nestedEngineSchema.parse(note.nestedEngine)
}

/** As root. Throws when it fails. */
async function shell(container: Docker.Container, line: string): Promise<string> {
  const exec = await container.exec({ Cmd: ['bash', '-c', line], AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  docker.modem.demuxStream(stream, stdout, stderr)
  stream.on('end', () => {
    stdout.end()
    stderr.end()
  })
  const [out, wrong] = await Promise.all([stdout.toArray(), stderr.toArray()])
  const { ExitCode } = await exec.inspect()
  if (ExitCode !== 0) throw new Error(`“${line}” ended with ${ExitCode}: ${Buffer.concat(wrong)}`)
  return Buffer.concat(out).toString().trimEnd()
}
