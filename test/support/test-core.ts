import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { customAlphabet } from 'nanoid'
import { type Core, type CoreOptions, createCore } from '../../src/main/core'
import { imageContextPath } from '../../src/main/resource-paths'
import { LABEL_KEEPS, LABEL_OWNER, LABEL_ROLE, ROLE_KEEPER } from '../../src/main/storage/drivers/storage-context'
import { problemToError, type StartedOperation } from '../../src/main/workspaces/base/started-operation'
import type { SettingsPatch } from '../../src/shared/contract/settings'
import type { Operation } from '../../src/shared/operation'

const randomName = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 8)

/** The engine as the tests see it, past Berth. */
export const docker = new Docker()

/** A name nobody else on the engine has. */
export function uniqueName(prefix: string): string {
  return `t-${prefix}-${randomName()}`
}

/** Test files that run at the same time have places of their own; those before them may still be letting go of their ports. */
const PORTS_OF_A_PLACE = 4000
const place = Number(process.env.VITEST_POOL_ID ?? 1)
let nextRange = 20_000 + place * PORTS_OF_A_PLACE + Math.floor(Math.random() * 60) * 40

/** Ports of its own for each core, so that tests do not take each other's. */
export function portRange(size = 40): { from: number; to: number } {
  const from = nextRange
  nextRange += size
  return { from, to: from + size - 1 }
}

export interface TestCore {
  core: Core
  home: string
  /** After a close: opens another with the same home. */
  open(): Promise<void>
  /** Closes, and removes every workspace and file it made. */
  dispose(): Promise<void>
}

/** A core with a home and ports of its own on the real engine. */
export async function createTestCore(
  settings: SettingsPatch = {},
  options: Pick<CoreOptions, 'userHome' | 'github' | 'sshConfig' | 'idleTimes'> = {},
): Promise<TestCore> {
  const home = await mkdtemp(join(tmpdir(), 'berth-test-'))
  const sshPorts = portRange()
  const open = async () => {
    const core = await createCore({ home, door: 'headless', version: '0.0.0-test', imageContextPath: imageContextPath(), ...options })
    // What this machine has in its home folder is nothing to tests.
    core.settings.update({ sshPorts, syncGitConfig: false, ...settings })
    await connected(core)
    return core
  }
  const test: TestCore = {
    core: await open(),
    home,
    async open() {
      test.core = await open()
    },
    async dispose() {
      for (const { id, operationId } of test.core.workspaces.list()) {
        if (operationId) await test.core.operations.whenEnded(operationId)
        if (test.core.workspaces.list().some((workspace) => workspace.id === id)) await done(test.core, test.core.workspaces.delete(id))
      }
      await test.core.close()
      await rm(home, { recursive: true, force: true })
    },
  }
  return test
}

/** Resolves once the engine has answered and its containers are listed. */
export async function connected(core: Core): Promise<void> {
  while (core.local.engine.state().status !== 'connected') await nextEvent(core)
}

export function nextEvent(core: Core): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = core.events.subscribe(() => {
      unsubscribe()
      resolve()
    })
  })
}

/** Waits for the end of what has begun; throws what it failed with. */
export async function done(core: Core, begun: Promise<StartedOperation>): Promise<Operation> {
  const { operation } = await begun
  const ended = await core.operations.whenEnded(operation.id)
  if (ended.error) throw problemToError(ended)
  return ended
}

/** Resolves once the workspace is known to run and to be ready. */
export async function running(core: Core, name: string): Promise<void> {
  while (core.workspaces.get(name).status !== 'running') await nextEvent(core)
}

/** Runs a shell line inside and returns what it wrote, without its line end. Throws when it fails. */
export async function inside(core: Core, workspace: string, line: string, user: 'workspace' | 'root' = 'workspace'): Promise<string> {
  const result = await core.workspaces.exec(workspace, { command: ['bash', '-c', line], user })
  if (result.exitCode !== 0) throw new Error(`“${line}” ended with ${result.exitCode}: ${result.stderr}`)
  return result.stdout.trimEnd()
}

/** The label on everything that this core made: other tests run on the same engine at the same time. */
export async function ownerLabel({ home }: TestCore): Promise<string> {
  return `${LABEL_OWNER}=${(await readFile(join(home, 'installation-id'), 'utf8')).trim()}`
}

/** Everything on the engine that carries the workspace's name. */
export async function leftOnEngine(name: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { name: [`workspace-${name}`] } })
  const { Volumes: volumes } = await docker.listVolumes({ filters: { name: [`workspace-${name}`] } })
  return [...containers.flatMap((container) => container.Names), ...volumes.map((volume) => volume.Name)]
}

/** Ids of the containers that hold what the workspace or snapshot with that id needs. */
export async function keepersOf(id: string): Promise<string[]> {
  const found = await docker.listContainers({ filters: { label: [`${LABEL_ROLE}=${ROLE_KEEPER}`, `${LABEL_KEEPS}=${id}`] } })
  return found.map(({ Id }) => Id)
}
