import { expect, it } from 'vitest'
import { type CleanupCandidate, cleanupCandidates, type EngineContent } from './cleanup-candidates'

const OURS = { 'dev.berth.owner': 'us', 'dev.berth.id': 'gone', 'dev.berth.name': 'demo' }
const labelled = (more: Record<string, string>) => ({ ...OURS, ...more })
const long = new Date('2026-01-01T00:00:00Z')

/** Each test names what it adds; the rest is a workspace with a snapshot and everything that belongs to them. */
function candidates(more: Partial<EngineContent>): string[] {
  const volume = (name: string, role: string) => ({ name, labels: labelled({ 'dev.berth.id': 'w1', 'dev.berth.role': role }) })
  const content: EngineContent = {
    installationId: 'us',
    records: [{ id: 'w1', volumes: { home: 'workspace-demo', docker: 'workspace-demo-docker' } }],
    snapshots: [{ id: 's1', workspaceId: 'w1', volumes: { home: 'berth-snapshot-s1-home', docker: 'berth-snapshot-s1-docker' } }],
    operations: [],
    images: [],
    inUse: { volumes: new Set(), images: new Set() },
    wantedImages: new Set(['current']),
    publishedRepository: 'berthdev/workspace',
    now: new Date('2026-02-01T00:00:00Z'),
    ...more,
    volumes: [
      volume('workspace-demo', 'home'),
      volume('workspace-demo-docker', 'docker'),
      volume('berth-snapshot-s1-home', 'snapshot-home'),
      volume('berth-snapshot-s1-docker', 'snapshot-docker'),
      ...(more.volumes ?? []),
    ],
    layers: [
      { id: 'l1', references: ['berth-layer/w1:clone', 'berth-layer/s1:snapshot'], labels: labelled({ 'dev.berth.id': 'w1' }) },
      ...(more.layers ?? []),
    ],
  }
  return cleanupCandidates(content).map(({ id }: CleanupCandidate) => id)
}

const home = (name: string, more: Record<string, string> = {}) => ({ name, labels: labelled({ 'dev.berth.role': 'home', ...more }) })
const layer = (reference: string, more: Record<string, string> = {}) => ({ id: reference, references: [reference], labels: labelled(more) })
const image = (id: string, references: string[], createdAt = long) => ({ id, references, createdAt })

it('nothing that a record names', () => {
  expect(candidates({})).toEqual([])
})

it('a volume and a layer that no record names', () => {
  expect(candidates({ volumes: [home('workspace-old')], layers: [layer('berth-layer/gone:clone')] })).toEqual([
    'volume:workspace-old',
    'layer:berth-layer/gone:clone',
  ])
})

it('a volume of a workspace that no longer uses it', () => {
  expect(candidates({ volumes: [home('workspace-demo.2', { 'dev.berth.id': 'w1' })] })).toEqual(['volume:workspace-demo.2'])
})

it('both volumes of a lost snapshot with its layer, as one', () => {
  const volumes = ['home', 'docker'].map((role) => home(`berth-snapshot-s2-${role}`, { 'dev.berth.role': `snapshot-${role}` }))
  expect(candidates({ volumes, layers: [layer('berth-layer/s2:snapshot')] })).toEqual(['snapshot:s2'])
})

it('nothing of another Berth, of no role, or of a pool', () => {
  const volumes = [
    home('workspace-theirs', { 'dev.berth.owner': 'them' }),
    home('something', { 'dev.berth.role': '' }),
    home('berth-pool-us', { 'dev.berth.role': 'pool' }),
  ]
  expect(candidates({ volumes, layers: [layer('berth-layer/gone:clone', { 'dev.berth.owner': 'them' })] })).toEqual([])
})

it('nothing that a container uses', () => {
  const inUse = { volumes: new Set(['workspace-old']), images: new Set(['berth-layer/gone:clone', 'old']) }
  expect(
    candidates({ inUse, volumes: [home('workspace-old')], layers: [layer('berth-layer/gone:clone')], images: [image('old', [])] }),
  ).toEqual([])
})

it('nothing that an operation is making or reads', () => {
  const operations = [{ workspaceId: 'new', involves: [{ workspaceId: 'source', exclusive: false }] }]
  const volumes = [home('workspace-new', { 'dev.berth.id': 'new' }), home('workspace-source', { 'dev.berth.id': 'source' })]
  // The layer of a clone has the labels of its source.
  const layers = [layer('berth-layer/new:clone', { 'dev.berth.id': 'other' }), layer('berth-layer/s3:snapshot', { 'dev.berth.id': 'new' })]
  expect(candidates({ operations, volumes, layers })).toEqual([])
})

it('no imported layer: its labels do not tell whose it is', () => {
  expect(candidates({ layers: [layer('berth-layer/gone:import')] })).toEqual([])
})

it('images without a name and those of other versions, but none that is needed, named by the user or new', () => {
  const images = [
    image('former', []),
    image('current', []),
    image('version', ['berthdev/workspace:0.0.1']),
    image('named', ['berthdev/workspace:0.0.2', 'my/own:1']),
    image('built', ['berth:latest']),
    image('new', [], new Date('2026-01-31T23:59:00Z')),
  ]
  expect(candidates({ images })).toEqual(['image:former', 'image:version'])
})
