import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SealedEnvironment } from '../../../shared/environment'
import { createSecretVault } from '../../settings/secret-vault'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { createFormerVariables } from './former-variables'
import { createHandOvers } from './hand-overs'

const vault = createSecretVault(Buffer.alloc(32, 1))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A workspace whose `state-watch` answers with these lines, one list for each hand-over; the last for all further ones. */
function setUp(answers: string[][] = [['taken']]) {
  const state = {
    record: workspaceRecord({ env: { KEY: vault.seal('first') } }),
    shared: {} as SealedEnvironment,
    timeZone: 'UTC',
    container: { containerId: 'c', running: true, ready: true, paused: false },
  }
  const received: string[] = []
  const engine = {
    containers: {
      inspect: async () => ({ id: 'c', running: true, labels: { 'dev.berth.secrets': 'never', 'dev.berth.locales': 'de_DE' } }),
    },
    images: {},
    exec: {
      async start() {
        const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
        stdin.on('data', (bytes: Buffer) => {
          received.push(bytes.toString())
          for (const name of answers[received.length - 1] ?? answers.at(-1) ?? []) stdout.write(`{"state":"${name}"}\n`)
          stdout.end()
        })
        return { stdin, stdout, stderr, exitCode: async () => 4, destroy: () => undefined }
      },
    },
  }
  const handOvers = createHandOvers({
    engineOf: () => engine as never,
    records: { list: () => [state.record], get: () => state.record },
    registry: { containerOf: () => state.container, labelsOf: () => null },
    formerVariables: createFormerVariables(),
    surroundingsOf: ({ 'dev.berth.locales': locales = '' }) => ({ KEY: 'of the surroundings', TZ: state.timeZone, LANG: locales }),
    variablesOf: ({ env }) => Object.fromEntries(Object.entries(env).map(([name, value]) => [name, vault.open(value) ?? ''])),
    forAll: () => ({ shared: state.shared, timeZone: state.timeZone }),
    secrets: vault,
  })
  return { state, received, handOvers }
}

it('what has changed is handed over once', async () => {
  const { state, received, handOvers } = setUp()
  await handOvers.bringUpToDate()
  await handOvers.bringUpToDate()
  expect(received).toEqual([expect.stringContaining('\0KEY=first\0')])
  state.record = { ...state.record, env: { KEY: vault.seal('second') } }
  await handOvers.bringUpToDate('w1')
  expect(received.slice(1)).toEqual([expect.stringContaining('\0KEY=second\0')])
  state.record = { ...state.record, repoCredential: vault.seal('{"username":"me","password":"x"}') }
  await handOvers.bringUpToDate('w1')
  expect(received.slice(2)).toEqual([expect.stringContaining('username=me\npassword=x\n')])
})

it('what the surroundings say comes with them, and a variable of the workspace wins', async () => {
  const { state, received, handOvers } = setUp()
  await handOvers.bringUpToDate()
  expect(received).toEqual([expect.stringContaining('\0KEY=first\0TZ=UTC\0LANG=de_DE\0')])
  expect(handOvers.environmentOf(state.record)).toEqual({ KEY: 'first', TZ: 'UTC', LANG: 'de_DE' })
  state.timeZone = 'Asia/Tokyo'
  await handOvers.bringUpToDate()
  expect(received.slice(1)).toEqual([expect.stringContaining('\0TZ=Asia/Tokyo\0')])
})

it('a workspace that starts has them by the watch that waits for it', async () => {
  const { state, received, handOvers } = setUp()
  state.container.ready = false
  const { input, onTaken } = handOvers.forWatch(state.record, 'c')
  expect(input().toString()).toContain('\0KEY=first\0')
  await handOvers.bringUpToDate()
  onTaken()
  state.container.ready = true
  await handOvers.bringUpToDate()
  expect(received).toEqual([])
})

it('one that was ready before its connection was lost gets them again, as it may have been restarted', async () => {
  const { received, handOvers } = setUp()
  await handOvers.bringUpToDate()
  handOvers.forget(() => true)
  await handOvers.bringUpToDate()
  expect(received).toHaveLength(2)
})

it('a failure is tried again, and not for ever', async () => {
  const { received, handOvers } = setUp([[], [], ['taken']])
  await handOvers.bringUpToDate()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(received).toHaveLength(3)
  const never = setUp([[]])
  await never.handOvers.bringUpToDate()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(never.received).toHaveLength(10)
})

it('a workspace that an older Berth has started takes nothing, and is left alone until its next start', async () => {
  const { received, handOvers } = setUp([['starting', 'ready']])
  await handOvers.bringUpToDate()
  await handOvers.bringUpToDate()
  expect(received).toHaveLength(1)
})
