import { rm } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { killsIn, useCrashTest } from './support/crash'
import { makeDevcontainerRepo } from './support/devcontainer-repo'
import { areLongRun, longIt } from './support/long'
import { makeNestedImage } from './support/nested-image'
import { done, inside, uniqueName } from './support/test-core'

describe('after kill -9', () => {
  const crash = useCrashTest()
  const name = uniqueName('crash')

  beforeAll(async () => {
    const { core } = crash.test
    const folder = await makeDevcontainerRepo()
    await done(core, core.workspaces.create({ name, clone: folder }))
    await rm(folder, { recursive: true })
    await makeNestedImage({ exec: ({ workspace, ...options }) => core.workspaces.exec(workspace, options) }, name)
  }, 60_000)

  const outside = async (line: string) => {
    const options = { command: ['bash', '-c', line], user: 'workspace', outside: true }
    return (await crash.test.core.workspaces.exec(name, options)).stdout.trim()
  }

  /** One dev container, which runs, and of which every command has run as often as it should. */
  async function expectWhole(): Promise<void> {
    const { core } = crash.test
    expect(core.workspaces.get(name)).toMatchObject({
      status: 'running',
      problem: null,
      devcontainerState: { state: 'running', problem: null },
    })
    expect(await outside('docker ps -a --format "{{.State}}" --filter label=devcontainer.local_folder')).toBe('running')
    expect(await inside(core, name, 'whoami; cat ~/steps')).toBe('dev\ncreated\nstarted')
    const { id } = core.workspaces.get(name)
    expect(core.forwards.list(id).forwards.map(({ port }) => port)).toEqual([3000])
  }

  const kills = killsIn('workspace.devcontainer').filter(({ when }) => areLongRun || when === 'after')
  it.each(kills)(
    '$when step $step of a rebuild, the next Berth finishes it',
    async ({ step, when }) => {
      await crash.crashAndRecover({ action: 'devcontainer', name, kill: { step, when } })
      await expectWhole()
    },
    120_000,
  )

  longIt(
    'while it is being built, what is left of that is ended, and it is built again',
    async () => {
      await crash.crashAndRecover({ action: 'devcontainer', name, kill: { step: 'build', when: 'during' } })
      await expectWhole()
      expect(await outside('pgrep -fc dev[C]ontainersSpecCLI || true')).toBe('0')
    },
    120_000,
  )

  longIt.each(killsIn('workspace.devcontainer-stop'))(
    '$when step $step of a stop, it is stopped',
    async ({ step, when }) => {
      const { core } = crash.test
      await done(core, core.devcontainers.up(name, { rebuild: false }))
      await crash.crashAndRecover({ action: 'devcontainer-stop', name, kill: { step, when } })
      expect(crash.test.core.workspaces.get(name)).toMatchObject({
        status: 'running',
        devcontainerState: { state: 'stopped', problem: null },
      })
      expect(await outside('docker ps -q')).toBe('')
    },
    120_000,
  )
})
