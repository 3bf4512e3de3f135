import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { killsIn, layersOf, stepsOf, useCrashTest } from './support/crash'
import { longIt } from './support/long'
import { insideContainer, makePerryWorkspace } from './support/perry-workspace'
import { done, inside, leftOnEngine, portRange, uniqueName } from './support/test-core'

const WORK = 'cat /home/workspace/work /opt/work'

describe('after kill -9', () => {
  const crash = useCrashTest()

  it.each(killsIn('workspace.create'))(
    '$when step $step of create, it is wholly there or wholly gone',
    async ({ step, when, committed }) => {
      const name = uniqueName('crash')
      await crash.crashAndRecover({ action: 'create', name, kill: { step, when } })
      if (committed) {
        await crash.expectWhollyThere(name)
        await done(crash.test.core, crash.test.core.workspaces.delete(name))
      } else {
        expect(crash.test.core.operations.list()[0]).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } })
        await crash.expectWhollyGone(name)
      }
    },
  )

  it('while its init script runs, what is left of that is ended, and it runs again from its beginning', async () => {
    const name = uniqueName('crash')
    const initScript = 'echo run >>/opt/runs\necho begun\n[ "$(wc -l </opt/runs)" != 1 ] || sleep 1000\n'
    await crash.crashAndRecover({ action: 'create', name, initScript, kill: { step: 'init', when: 'during' } })
    expect(crash.test.core.workspaces.get(name)).toMatchObject({ status: 'running', initState: 'done' })
    expect(await inside(crash.test.core, name, 'wc -l </opt/runs; pgrep -x -f "sleep 1000" | wc -l')).toBe('2\n0')
    await done(crash.test.core, crash.test.core.workspaces.delete(name))
  })

  const undone = stepsOf('workspace.create').filter(({ step }) => ['container', 'home-volume', 'reserve'].includes(step))
  it.each(undone)('while step $step of create is being taken back, the rest is taken back too', async ({ step }) => {
    const name = uniqueName('crash')
    await crash.crashAndRecover({ action: 'cancel-create', name, kill: { step, when: 'undone' } })
    await crash.expectWhollyGone(name)
  })

  longIt.each(killsIn('workspace.delete'))('$when step $step of delete, it is wholly gone', async ({ step, when }) => {
    const name = uniqueName('crash')
    await done(crash.test.core, crash.test.core.workspaces.start({ name }))
    const port = crash.test.core.workspaces.get(name).ports.ssh ?? undefined
    await crash.crashAndRecover({ action: 'delete', name, kill: { step, when } })
    await crash.expectWhollyGone(name, port)
  })

  it.each(killsIn('workspace.start'))(
    '$when step $step of a start that moves to another port, nothing is lost',
    async ({ step, when, committed }) => {
      const name = uniqueName('crash')
      await done(crash.test.core, crash.test.core.workspaces.start({ name }))
      await inside(crash.test.core, name, 'echo home > ~/kept; sudo sh -c "echo layer > /opt/kept"')
      await done(crash.test.core, crash.test.core.workspaces.stop(name))
      const port = crash.test.core.workspaces.get(name).ports.ssh ?? 0
      const squatter = await occupy(port)
      try {
        await crash.crashAndRecover({ action: 'start', name, kill: { step, when } })
        if (!committed) {
          expect(crash.test.core.workspaces.get(name)).toMatchObject({ status: 'stopped', ports: { ssh: port } })
          await done(crash.test.core, crash.test.core.workspaces.start({ name }))
        }
        await crash.expectWhollyThere(name)
        expect(crash.test.core.workspaces.get(name).ports.ssh).not.toBe(port)
        expect(await inside(crash.test.core, name, 'cat ~/kept /opt/kept')).toBe('home\nlayer')
      } finally {
        squatter.close()
      }
      const { id } = crash.test.core.workspaces.get(name)
      await done(crash.test.core, crash.test.core.workspaces.delete(name))
      expect(await layersOf(id)).toEqual([])
    },
  )

  longIt.each(killsIn('workspace.sync'))('$when step $step of a sync, the next Berth finishes it', async ({ step, when }) => {
    const name = uniqueName('crash')
    const folder = await mkdtemp(join(tmpdir(), 'berth-synced-'))
    try {
      await writeFile(join(folder, 'file'), 'one')
      await done(crash.test.core, crash.test.core.workspaces.create({ name, syncFiles: [`${folder}:~/synced`] }))
      await writeFile(join(folder, 'file'), 'two')
      await crash.crashAndRecover({ action: 'sync', name, kill: { step, when } })
      expect(await inside(crash.test.core, name, 'cat ~/synced/file; ls -A ~ | grep berth-sync || true')).toBe('two')
      expect(crash.test.core.workspaces.get(name).synced?.conflicts.count).toBe(0)
      await done(crash.test.core, crash.test.core.workspaces.delete(name))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  longIt.each(killsIn('workspace.adopt'))(
    '$when step $step of an adoption, it is the other tool’s as it was, or adopted',
    async ({ step, when, committed }) => {
      const { from: port } = portRange(1)
      const perry = await makePerryWorkspace({ port })
      try {
        await insideContainer(perry.containerId, 'echo home > /home/workspace/work; echo layer > /opt/work')
        await crash.crashAndRecover({ action: 'adopt', name: perry.name, kill: { step, when } })
        if (committed) {
          await crash.expectWhollyThere(perry.name)
          expect(await inside(crash.test.core, perry.name, WORK)).toBe('home\nlayer')
          const { id, ports } = crash.test.core.workspaces.get(perry.name)
          expect(ports.ssh).toBe(port)
          await done(crash.test.core, crash.test.core.workspaces.delete(perry.name))
          expect(await layersOf(id)).toEqual([])
        } else {
          expect(crash.test.core.workspaces.list().map(({ name }) => name)).not.toContain(perry.name)
          const [found] = (await crash.test.core.adoption.list()).filter(({ name }) => name === perry.name)
          expect(found).toMatchObject({ containerId: perry.containerId, containerName: `workspace-${perry.name}`, status: 'running' })
          expect(await insideContainer(perry.containerId, WORK)).toBe('home\nlayer')
          expect(await layersOf(crash.test.core.operations.list()[0]?.workspaceId ?? '')).toEqual([])
          const left = [`/workspace-${perry.name}`, `workspace-${perry.name}`, `workspace-${perry.name}-docker`]
          expect((await leftOnEngine(perry.name)).sort()).toEqual(left)
        }
      } finally {
        await perry.remove()
      }
    },
  )

  longIt.each(killsIn('workspace.rename'))('$when step $step of a rename, it has wholly one name', async ({ step, when, committed }) => {
    const [name, other] = [uniqueName('crash'), uniqueName('new')]
    await done(crash.test.core, crash.test.core.workspaces.start({ name }))
    await crash.crashAndRecover({ action: 'rename', name, other, kill: { step, when } })
    const named = committed ? other : name
    expect(crash.test.core.workspaces.get(named)).toMatchObject({ status: 'running', containerName: `workspace-${named}` })
    expect(await inside(crash.test.core, named, 'whoami')).toBe('workspace')
    expect(await leftOnEngine(named)).toContain(`/workspace-${named}`)
    await done(crash.test.core, crash.test.core.workspaces.delete(named))
    expect([...(await leftOnEngine(name)), ...(await leftOnEngine(other))]).toEqual([])
  })
})

async function occupy(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
