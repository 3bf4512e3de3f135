import { describe, expect, it } from 'vitest'
import { workspace } from '../../../shared/testing/workspace'
import type { Workspace } from '../../../shared/workspace'
import { areSameGroups, filterWorkspaces, type SidebarView } from './filter-workspaces'

const workspaces = (...items: Partial<Workspace>[]) => ({
  ids: items.map(({ name }) => `id-${name}`),
  byId: Object.fromEntries(items.map((item) => [`id-${item.name}`, workspace(item)])),
})
const host = { folder: '/home/me/notes', created: false }
const all = workspaces(
  { name: 'api' },
  { name: 'node', template: true },
  { name: 'shop', label: 'The API of old', engine: 'big' },
  { name: 'notes', host },
)
const one = [{ name: 'local' }]
const two = [{ name: 'local' }, { name: 'big' }]

/** Names by the titles of their groups. */
function shown(query: string, view: Partial<SidebarView> = {}): Record<string, string> {
  const groups = filterWorkspaces(all, { query, engines: one, isGrouped: false, ...view })
  return Object.fromEntries(groups.map(({ title, ids }) => [title ?? '', ids.map((id) => id.replace('id-', '')).join(' ')]))
}

describe('the list of the sidebar', () => {
  it('has templates apart, each group in its own order', () => {
    expect(shown(' ')).toEqual({ '': 'api shop notes', Templates: 'node' })
  })

  it('has what has every word in its name or label, templates too', () => {
    expect(shown('api')).toEqual({ '': 'api shop' })
    expect(shown('API shop')).toEqual({ '': 'shop' })
    expect(shown('nod')).toEqual({ Templates: 'node' })
    expect(shown('nothing')).toEqual({})
  })

  it('finds workspaces by their engine where there are several, and only there', () => {
    expect(shown('big', { engines: two })).toEqual({ '': 'shop' })
    expect(shown('big api', { engines: two })).toEqual({ '': 'shop' })
    expect(shown('local', { engines: two })).toEqual({ '': 'api', Templates: 'node' })
    expect(shown('local')).toEqual({})
  })

  it('is grouped by engines, with folders of this machine and templates apart', () => {
    expect(shown('', { engines: two, isGrouped: true })).toEqual({ local: 'api', big: 'shop', 'This machine': 'notes', Templates: 'node' })
    expect(shown('shop', { engines: two, isGrouped: true })).toEqual({ big: 'shop' })
  })

  it('is not grouped where there is one engine only', () => {
    expect(shown('', { isGrouped: true })).toEqual({ '': 'api shop notes', Templates: 'node' })
  })

  it('is the same as long as it shows the same', () => {
    const view = { query: '', engines: two, isGrouped: true }
    const groups = filterWorkspaces(all, view)
    expect(areSameGroups(groups, filterWorkspaces(all, view))).toBe(true)
    expect(areSameGroups(groups, filterWorkspaces(all, { ...view, isGrouped: false }))).toBe(false)
    expect(areSameGroups(groups, filterWorkspaces(all, { ...view, query: 'a' }))).toBe(false)
  })
})
