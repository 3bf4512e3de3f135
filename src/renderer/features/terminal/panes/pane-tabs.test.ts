import { describe, expect, it } from 'vitest'
import { sessionsOf, type TerminalLayoutNode, terminalTabsSchema } from '../../../../shared/terminal-layout'
import { changeTab, hasRoomBeside, moveTab, put, putTab, reconcile, type Tabs, tabFor } from './pane-tabs'

const tabs: Tabs = reconcile([], ['a', 'b', 'c'])
const withSplit = put(tabs, 'b', { kind: 'beside', sessionId: 'a', side: 'right' })

const shape = (node: TerminalLayoutNode): string =>
  node.type === 'session' ? node.sessionId : `(${node.children.map(shape).join(node.direction === 'right' ? ' | ' : ' / ')})`
const shapes = (of: Tabs) => of.map(({ root }) => shape(root)).join(' ')

describe('tabs', () => {
  it('are one for each session that is nowhere yet, in their order', () => {
    expect(shapes(tabs)).toBe('a b c')
    expect(shapes(reconcile(withSplit, ['a', 'b', 'c', 'd']))).toBe('(a | b) c d')
  })

  it('lose what is gone, and stay the same where nothing is', () => {
    expect(shapes(reconcile(withSplit, ['b', 'c']))).toBe('b c')
    expect(shapes(reconcile(withSplit, ['a', 'b']))).toBe('(a | b)')
    expect(reconcile(withSplit, ['a', 'b', 'c'])).toBe(withSplit)
  })

  it('show no session twice', () => {
    expect(shapes(reconcile([...withSplit, tabFor('a')], ['a', 'b', 'c']))).toBe('(a | b) c')
  })

  it('take a pane of another tab, or give one a tab of its own', () => {
    expect(shapes(put(withSplit, 'c', { kind: 'beside', sessionId: 'b', side: 'down' }))).toBe('(a | (b / c))')
    expect(shapes(put(withSplit, 'a', { kind: 'beside', sessionId: 'c', side: 'left' }))).toBe('b (a | c)')
    expect(shapes(put(withSplit, 'a', { kind: 'tab', index: 0 }))).toBe('a b c')
    expect(shapes(put(withSplit, 'a', { kind: 'tab', index: 2 }))).toBe('b c a')
    expect(put(withSplit, 'a', { kind: 'beside', sessionId: 'a', side: 'left' })).toBe(withSplit)
  })

  it('are put beside a pane of another with all their panes', () => {
    expect(shapes(putTab(withSplit, 'a', { kind: 'beside', sessionId: 'c', side: 'down' }))).toBe('(c / (a | b))')
    expect(shapes(putTab(withSplit, 'a', { kind: 'beside', sessionId: 'c', side: 'left' }))).toBe('(a | b | c)')
    expect(putTab(withSplit, 'a', { kind: 'beside', sessionId: 'b', side: 'left' })).toBe(withSplit)
  })

  it('each have an id of their own, whatever moves where', () => {
    const moved = put(withSplit, 'a', { kind: 'tab', index: 9 })
    expect(new Set(moved.map(({ id }) => id)).size).toBe(3)
  })

  it('move along the bar', () => {
    expect(shapes(moveTab(tabs, 'a', 3))).toBe('b c a')
    expect(shapes(moveTab(tabs, 'c', 0))).toBe('c a b')
    expect(moveTab(tabs, 'b', 1)).toBe(tabs)
    expect(moveTab(tabs, 'b', 2)).toBe(tabs)
  })

  it('keep their name while they are split', () => {
    const named = changeTab(withSplit, 'a', { name: 'servers' })
    expect(reconcile(named, ['a', 'b'])[0]?.name).toBe('servers')
    expect(reconcile(named, ['a'])[0]?.name).toBeNull()
  })

  it('are split only as far as Berth keeps', () => {
    let deep: Tabs = [tabFor('0')]
    for (let number = 1; number < 40; number++) {
      deep = put([...deep, tabFor(`${number}`)], `${number}`, {
        kind: 'beside',
        sessionId: `${number - 1}`,
        side: number % 2 ? 'right' : 'down',
      })
      expect(terminalTabsSchema.safeParse(deep).success).toBe(true)
    }
    expect(deep.length).toBeGreaterThan(1)
    const last = sessionsOf(deep[0]?.root ?? { type: 'session', sessionId: '' }).at(-1) ?? ''
    expect(hasRoomBeside(deep, last, 'right') && hasRoomBeside(deep, last, 'down')).toBe(false)
  })
})
