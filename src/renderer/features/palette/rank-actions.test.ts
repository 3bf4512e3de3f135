import { describe, expect, it } from 'vitest'
import { rankActions } from './rank-actions'

const workspace = (name: string, label: string | null = null) => ({ name, label })
const actions = [
  { title: 'Open', workspace: workspace('api-server') },
  { title: 'Stop', workspace: workspace('api-server') },
  { title: 'Open', workspace: workspace('frontend', 'the shop') },
  { title: 'Stop', workspace: workspace('frontend', 'the shop') },
  { title: 'Settings' },
]
const found = (query: string) =>
  rankActions(actions, query).map(({ title, workspace }) => [title, workspace?.name].filter(Boolean).join(' '))

describe('the palette', () => {
  it('shows everything in its order when nothing is typed', () => {
    expect(rankActions(actions, ' ')).toEqual(actions)
  })

  it.each(['stop front', 'front stop', 'stfr'])('finds “Stop frontend” first for %j', (query) => {
    expect(found(query)[0]).toBe('Stop frontend')
  })

  it('finds a workspace by its label', () => {
    expect(found('shop')).toEqual(expect.arrayContaining(['Open frontend', 'Stop frontend']))
    expect(found('shop')).not.toContain('Open api-server')
  })

  it('finds nothing for what is nowhere', () => {
    expect(found('zzz')).toEqual([])
  })

  it('leaves out what fits far worse than the best', () => {
    const noise = { title: 'Copy ssh command', workspace: workspace('some-toilsome-operations-of-frogs-in-tents') }
    expect(rankActions([noise, ...actions], 'stop front')).not.toContain(noise)
  })

  it('shows no more than can be looked through', () => {
    expect(
      rankActions(
        Array.from({ length: 2000 }, (_, index) => ({ title: `Open ${index}` })),
        'open',
      ).length,
    ).toBe(60)
  })
})
