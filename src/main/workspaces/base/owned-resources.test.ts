import { describe, expect, it } from 'vitest'
import type { VolumeSummary } from '../../engine/volumes'
import { ensureVolume, freeVolumeNames, removeOwnVolume } from './owned-resources'
import { createPromisedVolumes } from './promised-volumes'

const owner = { id: 'w1', name: 'demo', storage: 'plain' as const }
const name = 'workspace-demo'

/** An engine that has these volumes, and whose next volume creation can be interrupted before it has labels, as with Docker 20.10. */
function setup(there: Record<string, Record<string, string>>) {
  const volumes = new Map(Object.entries(there))
  const memory = new Map<string, string>()
  const cut = { off: false }
  const summary = (volume: string): VolumeSummary | null => {
    const labels = volumes.get(volume)
    return labels === undefined ? null : { name: volume, labels, createdAt: null, options: {} }
  }
  const services = {
    installationId: 'berth',
    records: { get: () => null },
    engine: {
      volumes: {
        inspect: async (volume: string) => summary(volume),
        remove: async (volume: string) => void volumes.delete(volume),
      },
    },
    storage: () => ({
      async create(volume: string, labels: Record<string, string>) {
        volumes.set(volume, cut.off ? {} : labels)
        if (cut.off) throw new Error('the engine was killed')
      },
      remove: async (volume: string) => void volumes.delete(volume),
    }),
  } as unknown as Parameters<typeof ensureVolume>[0]
  const context = {
    recall: (key: string) => memory.get(key) ?? null,
    remember: async (key: string, value: string) => void memory.set(key, value),
  }
  return { volumes, services, context, cut }
}

describe('a volume that an engine was killed at while it made it', () => {
  it('is removed when the operation is undone, so that the name is free again', async () => {
    const { volumes, services, context, cut } = setup({})
    cut.off = true
    await expect(ensureVolume(services, owner, name, 'home', context)).rejects.toThrow('killed')
    expect(volumes.get(name), 'it has lost its labels').toEqual({})
    await removeOwnVolume(services, owner, name, context)
    expect([...volumes.keys()]).toEqual([])
  })

  it('is created again when the operation continues', async () => {
    const { volumes, services, context, cut } = setup({})
    cut.off = true
    await expect(ensureVolume(services, owner, name, 'home', context)).rejects.toThrow('killed')
    cut.off = false
    expect(await ensureVolume(services, owner, name, 'home', context)).toBe(true)
    expect(volumes.get(name)).toMatchObject({ 'dev.berth.id': 'w1' })
  })
})

describe('a volume without labels that was there before', () => {
  it('belongs to someone else: it is neither used nor removed', async () => {
    const { volumes, services, context } = setup({ [name]: {} })
    await expect(ensureVolume(services, owner, name, 'home', context)).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE' })
    await removeOwnVolume(services, owner, name, context)
    expect([...volumes.keys()]).toEqual([name])
  })
})

describe('a volume of another workspace', () => {
  it('is left alone also when it came after the operation had seen that there was none', async () => {
    const { volumes, services, context } = setup({})
    await ensureVolume(services, owner, name, 'home', context)
    volumes.set(name, { 'dev.berth.id': 'w2' })
    await removeOwnVolume(services, owner, name, context)
    expect(volumes.has(name)).toBe(true)
  })
})

describe('names for volumes', () => {
  /** Neither the engine nor a record has anything yet. */
  function nothingYet(
    atWork: Set<string>,
    recorded: { id: string; volumes: object; adoptedVolumes: string[] }[] = [],
    left: { workspaceId: string; input: unknown }[] = [],
  ) {
    const promisedVolumes = createPromisedVolumes({ holds: (id) => atWork.has(id), left: () => left })
    const records = { list: () => recorded, snapshots: { list: () => [] } }
    const engine = { volumes: { list: async () => [] } }
    return { installationId: 'berth', promisedVolumes, records, engine } as unknown as Parameters<typeof freeVolumeNames>[0]
  }
  const [web, webDocker] = [
    { id: 'w1', name: 'web' },
    { id: 'w2', name: 'web-docker' },
  ]

  it('are given to one workspace only, also when two that would share one are made at the same time', async () => {
    const services = nothingYet(new Set(['w1', 'w2']))
    const [one, other] = await Promise.all([freeVolumeNames(services, web), freeVolumeNames(services, webDocker)])
    expect(one).toEqual({ home: 'workspace-web', docker: 'workspace-web-docker' })
    expect(other).toEqual({ home: 'workspace-web-docker.2', docker: 'workspace-web-docker.2-docker' })
  })

  it('are free again when nothing is at work on the workspace that they were given to', async () => {
    const atWork = new Set(['w1', 'w2'])
    const services = nothingYet(atWork)
    await freeVolumeNames(services, web)
    atWork.delete('w1')
    expect((await freeVolumeNames(services, webDocker)).home).toBe('workspace-web-docker')
  })

  it('are not those that a workspace has moved from, and may get back', async () => {
    const former = { home: 'workspace-web-docker', docker: 'workspace-web-docker-docker' }
    const record = { id: 'w2', volumes: former, adoptedVolumes: [] }
    const services = nothingYet(new Set(['w1', 'w2']), [record])
    record.volumes = await freeVolumeNames(services, webDocker)
    expect(await freeVolumeNames(services, web)).toEqual({ home: 'workspace-web.2', docker: 'workspace-web.2-docker' })
  })

  it('are not those that a workspace may get back after a restart', async () => {
    const former = { home: 'workspace-web', docker: 'workspace-web-docker' }
    const next = { home: 'workspace-web.2', docker: 'workspace-web.2-docker' }
    const input = { next: { volumes: next }, previous: { volumes: former } }
    const atWork = new Set(['w1'])
    const services = nothingYet(atWork, [{ id: 'w1', volumes: next, adoptedVolumes: [] }], [{ workspaceId: 'w1', input }])
    expect((await freeVolumeNames(services, webDocker)).home).toBe('workspace-web-docker.2')
    atWork.delete('w1')
    expect((await freeVolumeNames(services, webDocker)).home).toBe('workspace-web-docker')
  })

  it('are the same when the workspace is asked for again', async () => {
    const services = nothingYet(new Set(['w1']))
    expect(await freeVolumeNames(services, web)).toEqual(await freeVolumeNames(services, web))
  })
})
