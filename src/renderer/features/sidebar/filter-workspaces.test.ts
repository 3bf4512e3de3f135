import { describe, expect, it } from 'vitest'
import { workspace } from '../../../shared/testing/workspace'
import type { Workspace } from '../../../shared/workspace'
import { filterWorkspaces } from './filter-workspaces'

const workspaces = (...items: Partial<Workspace>[]) => ({
  ids: items.map(({ name }) => name ?? ''),
  byId: Object.fromEntries(items.map((item) => [item.name, workspace(item)])),
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
