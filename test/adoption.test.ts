import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import type { Adoptable } from '../src/shared/adoptable'
import { isBerthError } from '../src/shared/errors'
import { longIt } from './support/long'
import { buildPerryImage, insideContainer, makePerryWorkspace, type PerryWorkspace } from './support/perry-workspace'
import { createTestCore, docker, done, inside, leftOnEngine, portRange, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)
const ports = portRange()
let nextPort = ports.from

describe('a workspace that Perry made', () => {
  let test: TestCore
  let image: string
  const made: PerryWorkspace[] = []
  const perry = async (options: Partial<Parameters<typeof makePerryWorkspace>[0]> = {}) => {
    const name = options.name ?? uniqueName('perry')
    const seen = told(name, 'adoptable')
    const workspace = await makePerryWorkspace({ ...options, name, port: options.port ?? nextPort++ })
    made.push(workspace)
    await seen
    return workspace
  }
  beforeAll(async () => {
    const parts = await Promise.all([createTestCore(), buildPerryImage()])
    test = parts[0]
    image = parts[1]
  }, 120_000)
  afterAll(async () => {
    const ids = test.core.workspaces.list().map(({ id }) => id)
    await test.dispose()
    for (const workspace of made) await workspace.remove()
    await docker.getImage(image).remove({ force: true })
    for (const id of ids) expect(await docker.listImages({ filters: { reference: [`berth-layer/${id}`] } })).toEqual([])
  })

  const find = async (name: string) => (await test.core.adoption.list()).find((adoptable) => adoptable.name === name)

  /** The engine’s event of what was done last may be on its way yet. */
  const seen = (name: string, as: Partial<Adoptable>) => expect.poll(() => find(name), { timeout: 10_000 }).toMatchObject(as)

  /** Resolves with what is said of it, once the engine's event has told of it. */
  const told = (name: string, type: 'adoptable' | 'adoptable-removed') =>
    new Promise<void>((resolve) => {
      const id = made.find((workspace) => workspace.name === name)?.containerId
      const unsubscribe = test.core.events.subscribe((event) => {
        const isIt =
          event.type === 'adoptable' ? event.adoptable.name === name : event.type === 'adoptable-removed' && event.containerId === id
        if (event.type !== type || !isIt) return
        unsubscribe()
        resolve()
      })
    })

  it('is listed as soon as it is there, and no longer when it is gone', async () => {
    const name = uniqueName('seen')
    const { containerId, port, remove } = await perry({ name, start: false })
    expect(await find(name)).toMatchObject({
      ...{ from: 'perry', containerId, containerName: `workspace-${name}`, status: 'stopped', image: LOCAL_IMAGE, sshPort: port },
      ...{ volumes: { home: `workspace-${name}`, docker: `workspace-${name}-docker` }, obstacle: null },
    })
    const gone = told(name, 'adoptable-removed')
    await remove()
    await gone
    expect(await find(name)).toBeUndefined()
  })

  it('that runs is not stopped unasked', async () => {
    const { name, containerId } = await perry({ image })
    await expect(test.core.adoption.adopt(name, { stop: false, start: true })).rejects.toSatisfy((error) =>
      isBerthError(error, 'WORKSPACE_RUNNING'),
    )
    expect((await docker.getContainer(containerId).inspect()).State.Running).toBe(true)
    await seen(name, { status: 'running', obstacle: null })
  })

  const state = 'cat ~/work /opt/work; stat -c %u ~/work; echo $TOKEN $FLAVOUR; docker run --rm tiny:1 /bin/echo nested'
  const whole = 'home\nlayer\n1500\nsecret spicy\nnested'
  let adopted: string

  it('on an image of its own is adopted with all it has', async () => {
    const { core } = test
    const { name, containerId, port } = await perry({ image })
    adopted = name
    await waitForLog(containerId, 'perry is up')
    await insideContainer(
      containerId,
      `chown 1500:1500 /home/workspace && su dev -c 'echo home > ~/work && git init -q ~/repo && git -C ~/repo remote add origin https://example.org/a/b.git' &&
       echo layer > /opt/work && tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1`,
    )
    const operation = await done(core, core.adoption.adopt(name, { stop: true, start: true }))
    expect(operation.notices).toEqual([])
    const workspace = core.workspaces.get(name)
    expect(workspace).toMatchObject({
      ...{ status: 'running', problem: null, ports: { ssh: port }, image, repo: 'https://example.org/a/b.git', repoState: 'cloned' },
      ...{ env: { TOKEN: '***', FLAVOUR: '***' }, volumes: { home: `workspace-${name}`, docker: `workspace-${name}-docker` } },
    })
    expect(await find(name)).toBeUndefined()
    expect(await inside(core, name, state)).toBe(whole)
    expect(await ssh(test, port, 'cat work; sudo cat /opt/work')).toBe('home\nlayer\n')
    const { Config, HostConfig } = await docker.getContainer(workspace.containerId ?? '').inspect()
    expect(Config.Labels, 'Perry still sees it').toMatchObject({ 'workspace.managed': 'true', 'workspace.name': name })
    expect(HostConfig.Privileged).toBe(false)
    expect(await docker.listContainers({ all: true, filters: { id: [containerId] } }), 'the former container is gone').toEqual([])
  })

  longIt('and is cloned, snapshotted, restored, renamed and deleted like any other', async () => {
    const { core } = test
    const name = adopted
    const clone = uniqueName('clone')
    await done(core, core.copies.clone(name, { name: clone, stop: false, start: true }))
    expect(await inside(core, clone, state)).toBe(whole)
    const { operation: snapshot } = await core.copies.createSnapshot(name, 'then')
    expect((await core.operations.whenEnded(snapshot.id)).error).toBeNull()
    await inside(core, name, 'echo changed > ~/work')
    await done(core, core.copies.restore(name, 'then', { force: true }))
    expect(await inside(core, name, state)).toBe(whole)

    const renamed = uniqueName('renamed')
    await core.workspaces.rename(name, renamed)
    await done(core, core.workspaces.restart(renamed))
    expect(await inside(core, renamed, state)).toBe(whole)
    // The name is free again; the state before the restore is kept in volumes that still have it.
    await done(core, core.workspaces.start({ name }))
    expect(await inside(core, name, 'ls ~')).toBe('')
    await done(core, core.workspaces.delete(renamed))
    expect(await inside(core, name, 'ls ~'), 'a deletion takes nobody else’s volumes').toBe('')
    await done(core, core.workspaces.delete(name))
    expect(await leftOnEngine(name)).toEqual([])
  })

  longIt('on Berth’s own image, stopped and left so, comes up at its first start, and goes whole when it is deleted', async () => {
    const { core } = test
    const { name, containerId, port } = await perry()
    await waitForLog(containerId, 'berth: ready')
    await insideContainer(containerId, 'echo home > /home/workspace/work')
    await docker.getContainer(containerId).stop()
    await done(core, core.adoption.adopt(name, { stop: false, start: false }))
    expect(core.workspaces.get(name)).toMatchObject({ status: 'stopped', ports: { ssh: port } })
    await done(core, core.workspaces.start({ name }))
    expect(await inside(core, name, 'cat ~/work')).toBe('home')
    // Its container is gone by hand: refused, and on request recreated on the same volumes.
    await done(core, core.workspaces.stop(name))
    await docker.getContainer(`workspace-${name}`).remove()
    await expect(done(core, core.workspaces.start({ name }))).rejects.toMatchObject({ code: 'WORKSPACE_INCOMPLETE' })
    await done(core, core.workspaces.start({ name, recreate: true }))
    expect(await inside(core, name, 'cat ~/work')).toBe('home')
    // Whose its volumes are is known without the records, too.
    await core.close()
    await rm(join(test.home, 'state.json'))
    await test.open()
    await expect.poll(() => test.core.workspaces.list().map((workspace) => workspace.name), { timeout: 30_000 }).toContain(name)
    await done(test.core, test.core.workspaces.delete(name))
    expect(await leftOnEngine(name)).toEqual([])
  })

  it('that does not come up with Berth is given back as it was', async () => {
    const { core } = test
    const { name, containerId } = await perry({ image })
    await waitForLog(containerId, 'perry is up')
    await insideContainer(containerId, 'rm /usr/sbin/sshd; echo layer > /opt/work; echo home > /home/workspace/work')
    await expect(done(core, core.adoption.adopt(name, { stop: true, start: true }))).rejects.toThrow(/no ssh server/)
    expect(core.workspaces.list().map((workspace) => workspace.name)).not.toContain(name)
    const { State: state, Name: containerName } = await docker.getContainer(containerId).inspect()
    expect({ running: state.Running, containerName }).toEqual({ running: true, containerName: `/workspace-${name}` })
    expect(await insideContainer(containerId, 'cat /opt/work /home/workspace/work')).toBe('layer\nhome')
    expect((await leftOnEngine(name)).sort()).toEqual([`/workspace-${name}`, `workspace-${name}`, `workspace-${name}-docker`])
    await seen(name, { status: 'running', containerId })
  })

  it('with a folder of the machine in it is not adopted, and the reason is said', async () => {
    const { name } = await perry({ start: false, binds: ['/tmp:/data'] })
    expect((await find(name))?.obstacle).toContain('/data')
    await expect(test.core.adoption.adopt(name, { stop: false, start: true })).rejects.toSatisfy((error) =>
      isBerthError(error, 'NOT_ADOPTABLE'),
    )
  })

  it('whose port another workspace has meanwhile is given a new one, and says so', async () => {
    const { core } = test
    const other = uniqueName('other')
    await done(core, core.workspaces.start({ name: other }))
    const port = core.workspaces.get(other).ports.ssh ?? 0
    const workspace = await perry({ start: false, port })
    const operation = await done(core, core.adoption.adopt(workspace.containerId, { stop: false, start: false }))
    expect(operation.notices.join()).toContain(`Port ${port} is in use`)
    expect(core.workspaces.get(workspace.name).ports.ssh).not.toBe(port)
  })

  longIt('and one of another Berth are adopted alike', async () => {
    const { core } = test
    const other = await createTestCore()
    const name = uniqueName('foreign')
    try {
      await done(other.core, other.core.workspaces.start({ name, env: { MODE: 'theirs' } }))
      await inside(other.core, name, 'echo home > ~/work; sudo sh -c "echo layer > /opt/work"')
      await seen(name, { from: 'berth', status: 'running' })
      await done(core, core.adoption.adopt(name, { stop: true, start: true }))
      expect(await inside(core, name, 'cat ~/work /opt/work; echo $MODE')).toBe('home\nlayer\ntheirs')
      // The time zone that the other Berth gave it is not a choice of its own.
      expect(core.workspaces.get(name).env).toEqual({ MODE: '***' })
      expect(core.workspaces.get(name).ports.ssh).toBe(other.core.workspaces.get(name).ports.ssh)
      await expect(done(other.core, other.core.workspaces.start({ name }))).rejects.toSatisfy((error) =>
        isBerthError(error, 'FOREIGN_RESOURCE'),
      )
      await done(core, core.workspaces.delete(name))
      expect(await leftOnEngine(name)).toEqual([])
    } finally {
      await other.dispose()
    }
  })
})

async function waitForLog(containerId: string, line: string): Promise<void> {
  const stream = await docker.getContainer(containerId).logs({ follow: true, stdout: true, stderr: true })
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.includes(line)) return
  }
  throw new Error(`The container ended without “${line}”: ${text}`)
}

async function ssh({ home }: TestCore, port: number, command: string): Promise<string> {
  const options = [
    '-i',
    join(home, 'ssh/id_ed25519'),
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
  ]
  return (await run('ssh', [...options, '-p', String(port), 'workspace@127.0.0.1', command])).stdout
}
