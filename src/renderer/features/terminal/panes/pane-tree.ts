import type { TerminalLayoutNode } from '../../../../shared/terminal-layout'

type Split = Extract<TerminalLayoutNode, { type: 'split' }>

export type Side = 'left' | 'right' | 'up' | 'down'

/** Shares of the whole, 0 to 1. */
export interface Rectangle {
  left: number
  top: number
  width: number
  height: number
}

/** What lies between two neighbours of a split. */
export interface Divider {
  /** The way to the split: at each level, which child. */
  path: readonly number[]
  /** Of the neighbour before it. */
  index: number
  direction: Split['direction']
  rectangle: Rectangle
  /** The share of the neighbour before it in what both have. */
  share: number
  /** What both have, as a share of the whole. */
  extent: number
}

/** No pane of a split gets less of it than this. */
const SMALLEST_SHARE = 0.08

export const leaf = (sessionId: string): TerminalLayoutNode => ({ type: 'session', sessionId })

/** The tree without a session; null when that was all. */
export function without(tree: TerminalLayoutNode, sessionId: string): TerminalLayoutNode | null {
  if (tree.type === 'session') return tree.sessionId === sessionId ? null : tree
  const kept = tree.children.flatMap((child, index) => {
    const rest = without(child, sessionId)
    return rest === null ? [] : [{ child: rest, size: tree.sizes[index] ?? 0 }]
  })
  return split(
    tree.direction,
    kept.map(({ child }) => child),
    kept.map(({ size }) => size),
  )
}

/** The tree with something at that side of a session; unchanged if it has no such session. */
export function beside(tree: TerminalLayoutNode, targetId: string, added: TerminalLayoutNode, side: Side): TerminalLayoutNode {
  if (tree.type === 'session') {
    if (tree.sessionId !== targetId) return tree
    const pair = comesBefore(side) ? [added, tree] : [tree, added]
    return split(directionOf(side), pair, [0.5, 0.5]) ?? tree
  }
  const children = tree.children.map((child) => beside(child, targetId, added, side))
  return split(tree.direction, children, tree.sizes) ?? tree
}

/** Gives the neighbour before a divider this share of what both have. */
export function withShare(tree: TerminalLayoutNode, path: readonly number[], index: number, share: number): TerminalLayoutNode {
  if (tree.type === 'session') return tree
  const [next, ...rest] = path
  if (next !== undefined) {
    return { ...tree, children: tree.children.map((child, place) => (place === next ? withShare(child, rest, index, share) : child)) }
  }
  const both = (tree.sizes[index] ?? 0) + (tree.sizes[index + 1] ?? 0)
  const least = Math.min(SMALLEST_SHARE, both / 2)
  const first = Math.min(Math.max(share * both, least), both - least)
  return { ...tree, sizes: tree.sizes.map((size, place) => (place === index ? first : place === index + 1 ? both - first : size)) }
}

/** Where each pane is, and each divider. */
export function arrange(tree: TerminalLayoutNode): { panes: Map<string, Rectangle>; dividers: Divider[] } {
  const panes = new Map<string, Rectangle>()
  const dividers: Divider[] = []
  const place = (node: TerminalLayoutNode, whole: Rectangle, path: readonly number[]): void => {
    if (node.type === 'session') {
      panes.set(node.sessionId, whole)
      return
    }
    const isRow = node.direction === 'right'
    let offset = 0
    for (const [index, child] of node.children.entries()) {
      const size = node.sizes[index] ?? 0
      const part: Rectangle = isRow
        ? { ...whole, left: whole.left + offset * whole.width, width: size * whole.width }
        : { ...whole, top: whole.top + offset * whole.height, height: size * whole.height }
      place(child, part, [...path, index])
      offset += size
      const next = node.sizes[index + 1]
      if (next === undefined) continue
      const at: Rectangle = isRow
        ? { ...whole, left: part.left + part.width, width: 0 }
        : { ...whole, top: part.top + part.height, height: 0 }
      dividers.push({
        path,
        index,
        direction: node.direction,
        rectangle: at,
        share: size / (size + next),
        extent: (size + next) * (isRow ? whole.width : whole.height),
      })
    }
  }
  place(tree, { left: 0, top: 0, width: 1, height: 1 }, [])
  return { panes, dividers }
}

/** The pane that lies at that side of one; undefined where there is none. */
export function neighbourOf(tree: TerminalLayoutNode, sessionId: string, side: Side): string | undefined {
  const { panes } = arrange(tree)
  const own = panes.get(sessionId)
  if (own === undefined) return undefined
  let best: { id: string; score: number } | undefined
  for (const [id, other] of panes) {
    if (id === sessionId) continue
    const { gap, overlap } = relation(own, other, side)
    if (gap < -EPSILON || overlap <= EPSILON) continue
    const score = gap - overlap / 1000
    if (best === undefined || score < best.score) best = { id, score }
  }
  return best?.id
}

const EPSILON = 1e-6

function relation(own: Rectangle, other: Rectangle, side: Side): { gap: number; overlap: number } {
  const across = directionOf(side) === 'right'
  const overlap = across
    ? Math.min(own.top + own.height, other.top + other.height) - Math.max(own.top, other.top)
    : Math.min(own.left + own.width, other.left + other.width) - Math.max(own.left, other.left)
  const gaps: Record<Side, number> = {
    left: own.left - (other.left + other.width),
    right: other.left - (own.left + own.width),
    up: own.top - (other.top + other.height),
    down: other.top - (own.top + own.height),
  }
  return { gap: gaps[side], overlap }
}

export function directionOf(side: Side): Split['direction'] {
  return side === 'left' || side === 'right' ? 'right' : 'down'
}

function comesBefore(side: Side): boolean {
  return side === 'left' || side === 'up'
}

/** A split in its simplest form: without a split of its own direction in it, and with at least two children. */
function split(
  direction: Split['direction'],
  children: readonly TerminalLayoutNode[],
  sizes: readonly number[],
): TerminalLayoutNode | null {
  const only = children[0]
  if (only === undefined) return null
  if (children.length === 1) return only
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const parts = children.flatMap((child, index) => {
    const size = total > 0 ? (sizes[index] ?? 0) / total : 1 / children.length
    if (child.type === 'session' || child.direction !== direction) return [{ child, size }]
    return child.children.map((inner, place) => ({ child: inner, size: size * (child.sizes[place] ?? 0) }))
  })
  return { type: 'split', direction, children: parts.map(({ child }) => child), sizes: parts.map(({ size }) => size) }
}
