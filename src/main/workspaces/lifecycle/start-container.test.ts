import { expect, it } from 'vitest'
import { BerthError } from '../../../shared/errors'
import { engineCapabilities } from '../../../shared/testing/engine-capabilities'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { startAgain, startContainer } from './start-container'

const record = workspaceRecord()
const refused = (reason: string) => new BerthError('ENGINE_REFUSED', reason, { engineStatus: 404, reason, next: '' })
const notice = () => undefined

const ALL = { memory: true, cpus: true, processes: true }

/** An engine on which a network can be removed, by the number of calls before that. */
function setUp({
  networkGoneBeforeStart = false,
  filesRefused = false,
  isAsBuilt = false,
  variables = {},
  limits = record.limits,
  can = ALL,
} = {}) {
  const calls: string[] = []
  let hasNetwork = true
  const services = {
    engine: {
      networks: { list: async () => [] },
      isLocal: () => false,
      state: () => ({ status: 'connected', capabilities: engineCapabilities({ limits: can }) }),
      containers: {
        inspect: async () => ({ running: false, startedAt: null, image: 'berth:latest', labels: {}, entrypoint: [], limits }),
        async limit(_id: string, wanted: object) {
          calls.push(`limit ${JSON.stringify(wanted)}`)
        },
        async putFiles() {
          if (filesRefused) throw refused('read-only file system')
          calls.push('files')
        },
        async start() {
          calls.push('start')
          if (calls.filter((call) => call === 'start').length === 1 && networkGoneBeforeStart) hasNetwork = false
          if (!hasNetwork) throw refused('network not found')
        },
      },
    },
    network: {
      async join() {
        await new Promise((resolve) => setImmediate(resolve))
        calls.push('join')
        const changed = !hasNetwork
        hasNetwork = true
        return changed
      },
    },
    records: { get: () => record },
    registry: { setContainer: () => calls.push('known') },
    images: { isAsBuilt: () => isAsBuilt },
    environmentOf: () => ({ variables, lost: [] }),
    handOvers: { look: async () => undefined },
    settings: () => ({ nestedAddressPools: [] }),
    runtimeFiles: async () => [],
    authorizedKeys: async () => 'keys',
  }
  return { calls, services: services as never }
}

it('starts a container on its networks and with its files', async () => {
  const { calls, services } = setUp()
  expect(await startContainer(services, record, 'c', notice)).toBeNull()
  expect(calls).toEqual(['files', 'join', 'start'])
})

it('limits again what the engine starts with other limits than it is to have', async () => {
  const { calls, services } = setUp({ limits: { ...record.limits, processes: 123 } })
  await startContainer(services, record, 'c', notice)
  const { memoryBytes, cpus, processes } = record.limits
  expect(calls).toEqual(['files', 'join', 'start', `limit ${JSON.stringify({ memoryBytes, cpus, processes })}`])
})

it('says which limits the engine cannot hold it to, and does not ask for them', async () => {
  const limits = { ...record.limits, memoryBytes: 1024 ** 3, processes: 500 }
  const { calls, services } = setUp({ can: { ...ALL, memory: false }, limits: { ...limits, memoryBytes: null } })
  const said: string[] = []
  await startContainer(services, { ...record, limits }, 'c', (text) => said.push(text))
  expect(calls).toEqual(['files', 'join', 'start'])
  expect(said).toEqual(['It runs without limits for memory, because this engine does not support them.'])
})

it('starts one that is as its image was built without files, and says which keys it lacks', async () => {
  const { calls, services } = setUp({ isAsBuilt: true })
  expect(await startContainer(services, record, 'c', notice)).toBe('keys')
  expect(calls).toEqual(['join', 'start'])
})

it('announces proxies before the nested engine reads them', async () => {
  const { calls, services } = setUp({ isAsBuilt: true, variables: { https_proxy: 'http://proxy:3128' } })
  await startContainer(services, record, 'c', notice)
  expect(calls).toEqual(['files', 'join', 'start'])
})

it('puts it on its network again and starts it when a clean-up came in between', async () => {
  const { calls, services } = setUp({ networkGoneBeforeStart: true })
  await startContainer(services, record, 'c', notice)
  expect(calls).toEqual(['files', 'join', 'start', 'join', 'start'])
})

it('fails with what is in the way, once nothing goes on any more', async () => {
  const { calls, services } = setUp({ filesRefused: true })
  await expect(startContainer(services, record, 'c', notice)).rejects.toThrow('read-only')
  expect(calls).toEqual(['join'])
})

it('of an undo leaves alone what is running or gone', async () => {
  const { calls, services } = setUp()
  await startAgain(services, record.id, null, notice)
  await startAgain(services, record.id, { running: true } as never, notice)
  expect(calls).toEqual([])
  await startAgain(services, record.id, { id: 'c', running: false } as never, notice)
  expect(calls).toEqual(['files', 'join', 'start', 'known'])
})
