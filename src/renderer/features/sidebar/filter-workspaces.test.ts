import { describe, expect, it } from 'vitest'
import type { Workspace } from '../../../shared/workspace'
import { filterWorkspaces } from './filter-workspaces'

const blank: Workspace = {
  id: '',
  name: '',
  label: null,
  kind: 'container',
  status: 'stopped',
  statusDetail: null,
  problem: null,
  operationId: null,
  containerId: null,
  containerName: '',
  volumes: { home: '', docker: '' },
  ports: { ssh: null },
  image: '',
  repo: null,
  repoState: 'none',
  env: {},
  template: false,
  storage: 'plain',
  limits: { diskBytes: null, memoryBytes: null, cpus: null, processes: null },
  storageWarning: null,
  createdAt: '',
  startedAt: null,
  lastUsedAt: null,
}
const workspaces = (...items: Partial<Workspace>[]) => ({
  ids: items.map(({ name }) => name ?? ''),
  byId: Object.fromEntries(items.map((item) => [item.name, { ...blank, ...item }])),
})
const all = workspaces({ name: 'api' }, { name: 'node', template: true }, { name: 'shop', label: 'The API of old' })

describe('the list of the sidebar', () => {
  it('has templates apart, each group in its own order', () => {
    expect(filterWorkspaces(all, ' ')).toEqual({ workspaces: ['api', 'shop'], templates: ['node'] })
  })

  it('has what has every word in its name or label, templates too', () => {
    expect(filterWorkspaces(all, 'api').workspaces).toEqual(['api', 'shop'])
    expect(filterWorkspaces(all, 'API shop').workspaces).toEqual(['shop'])
    expect(filterWorkspaces(all, 'nod')).toEqual({ workspaces: [], templates: ['node'] })
  })
})
