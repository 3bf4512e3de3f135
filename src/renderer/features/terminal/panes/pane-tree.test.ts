import { describe, expect, it } from 'vitest'
import type { TerminalLayoutNode } from '../../../../shared/terminal-layout'
import { arrange, beside, leaf, neighbourOf, without, withShare } from './pane-tree'

/** a | b over c */
const tree = beside(beside(leaf('a'), 'a', leaf('b'), 'right'), 'b', leaf('c'), 'down')

function shape(node: TerminalLayoutNode | null): string {
  if (node === null) return ''
  if (node.type === 'session') return node.sessionId
  return `(${node.children.map(shape).join(node.direction === 'right' ? ' | ' : ' / ')})`
}

describe('the panes of a tab', () => {
  it('are split to each side', () => {
    expect(shape(tree)).toBe('(a | (b / c))')
    expect(shape(beside(tree, 'a', leaf('d'), 'left'))).toBe('(d | a | (b / c))')
    expect(shape(beside(tree, 'b', leaf('d'), 'up'))).toBe('(a | (d / b / c))')
    expect(shape(beside(tree, 'c', leaf('d'), 'right'))).toBe('(a | (b / (c | d)))')
  })

  it('close up where one goes', () => {
    expect(shape(without(tree, 'c'))).toBe('(a | b)')
    expect(shape(without(tree, 'a'))).toBe('(b / c)')
    expect(shape(without(beside(tree, 'c', leaf('d'), 'right'), 'b'))).toBe('(a | c | d)')
    expect(without(leaf('a'), 'a')).toBeNull()
  })

  it('fill the whole, whatever was put in and taken out', () => {
    const busy = ['d', 'e', 'f'].reduce(
      (node, id, index) => beside(node, 'abc'[index] ?? '', leaf(id), index % 2 === 0 ? 'left' : 'down'),
      tree,
    )
    const areas = [...arrange(without(busy, 'b') ?? busy).panes.values()].map(({ width, height }) => width * height)
    expect(areas.reduce((sum, area) => sum + area, 0)).toBeCloseTo(1)
    expect(areas).toHaveLength(5)
  })

  it('have a divider between each two neighbours, which moves what both have', () => {
    const { dividers } = arrange(tree)
    expect(dividers.map(({ path, index, direction }) => ({ path, index, direction }))).toEqual([
      { path: [], index: 0, direction: 'right' },
      { path: [1], index: 0, direction: 'down' },
    ])
    const { panes } = arrange(withShare(tree, [1], 0, 0.25))
    expect(panes.get('b')).toEqual({ left: 0.5, top: 0, width: 0.5, height: 0.25 })
    expect(panes.get('c')).toEqual({ left: 0.5, top: 0.25, width: 0.5, height: 0.75 })
  })

  it('never shrink to nothing', () => {
    const { panes } = arrange(withShare(tree, [], 0, -3))
    expect(panes.get('a')?.width).toBeGreaterThan(0.05)
  })

  it('have neighbours on each side', () => {
    expect(neighbourOf(tree, 'a', 'right')).toBe('b')
    expect(neighbourOf(tree, 'c', 'left')).toBe('a')
    expect(neighbourOf(tree, 'c', 'up')).toBe('b')
    expect(neighbourOf(tree, 'a', 'left')).toBeUndefined()
    expect(neighbourOf(tree, 'a', 'down')).toBeUndefined()
  })
})
