import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { killsIn, useCrashTest } from './support/crash'
import { longDescribe } from './support/long'
import { docker, done, inside, uniqueName } from './support/test-core'

longDescribe('after kill -9', () => {
  const crash = useCrashTest()
  const tag = `${uniqueName('own')}:1`
  let context: string

  beforeAll(async () => {
    context = await mkdtemp(join(tmpdir(), 'berth-own-image-'))
  })
  afterAll(async () => {
    await rm(context, { recursive: true })
    await docker.getImage(tag).remove({ force: true })
  })

  it('while an image is built from a folder of one’s own, nothing goes on, and the next build makes it', async () => {
    await writeFile(join(context, 'Dockerfile'), `FROM ${LOCAL_IMAGE}\nRUN echo begun && sleep 1022\n`)
    await crash.crashAndRecover({ action: 'build', name: tag, other: context, kill: { step: 'build', when: 'during' } })
    expect(crash.test.core.operations.list()[0]).toMatchObject({ kind: 'image.build', status: 'failed', error: { code: 'INTERRUPTED' } })
    const commands = async () => (await docker.listContainers({ all: true })).map(({ Command }) => Command).join()
    await vi.waitFor(async () => expect(await commands()).not.toContain('sleep 1022'), { timeout: 20_000, interval: 200 })
    await expect(docker.getImage(tag).inspect()).rejects.toMatchObject({ statusCode: 404 })

    await writeFile(join(context, 'Dockerfile'), `FROM ${LOCAL_IMAGE}\nCOPY Dockerfile /opt/made-of\n`)
    const { id } = await crash.test.core.buildImage({ context, tag, noCache: false })
    expect((await crash.test.core.operations.whenEnded(id)).error).toBeNull()
    const name = uniqueName('own')
    await done(crash.test.core, crash.test.core.workspaces.start({ name, image: tag }))
    expect(await inside(crash.test.core, name, 'head -n 1 /opt/made-of')).toBe(`FROM ${LOCAL_IMAGE}`)
    await done(crash.test.core, crash.test.core.workspaces.delete(name))
  })

  it.each(killsIn('workspace.rerun-init'))(
    '$when step $step of another run of the init script, it runs to its end',
    async ({ step, when }) => {
      const name = uniqueName('crash')
      await done(crash.test.core, crash.test.core.workspaces.start({ name, initScript: 'echo run >>/opt/runs\n' }))
      await crash.crashAndRecover({ action: 'rerun-init', name, kill: { step, when } })
      expect(crash.test.core.workspaces.get(name)).toMatchObject({ status: 'running', initState: 'done', problem: null })
      // Killed after it had run, Berth does not know that it had.
      expect(Number(await inside(crash.test.core, name, 'wc -l </opt/runs'))).toBeGreaterThanOrEqual(2)
      await done(crash.test.core, crash.test.core.workspaces.delete(name))
    },
  )
})
