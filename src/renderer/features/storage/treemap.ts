export interface Area {
  x: number
  y: number
  width: number
  height: number
}

export interface Tile<Item> {
  item: Item
  area: Area
}

/**
 * Tiles that fill `area`, each as large as its size, and as near to squares as can be (Bruls, Huizing, van Wijk: Squarified
 * Treemaps). Largest first; what has no size has no tile.
 */
export function treemap<Item>(items: readonly Item[], sizeOf: (item: Item) => number, area: Area): Tile<Item>[] {
  const sized = items.map((item) => ({ item, size: sizeOf(item) })).filter(({ size }) => size > 0)
  const total = sum(sized.map(({ size }) => size))
  const scale = total === 0 ? 0 : (area.width * area.height) / total
  const left = sized.map(({ item, size }) => ({ item, size: size * scale })).toSorted((a, b) => b.size - a.size)
  const tiles: Tile<Item>[] = []
  let free = area
  while (left.length > 0) {
    const side = Math.min(free.width, free.height)
    const row = left.splice(
      0,
      rowLength(
        left.map(({ size }) => size),
        side,
      ),
    )
    const [placed, rest] = placeRow(row, free)
    tiles.push(...placed)
    free = rest
  }
  return tiles
}

/** As many as make the tiles of the row better: the next one would make the worst of them longer. */
function rowLength(sizes: readonly number[], side: number): number {
  let count = 1
  while (count < sizes.length && worstRatio(sizes.slice(0, count + 1), side) <= worstRatio(sizes.slice(0, count), side)) count += 1
  return count
}

function worstRatio(sizes: readonly number[], side: number): number {
  const depth = sum(sizes) / side
  return Math.max(...sizes.map((size) => Math.max(depth ** 2 / size, size / depth ** 2)))
}

/** Along the shorter side of what is free. */
function placeRow<Item>(row: readonly { item: Item; size: number }[], free: Area): [tiles: Tile<Item>[], rest: Area] {
  const isColumn = free.width >= free.height
  const side = isColumn ? free.height : free.width
  const depth = sum(row.map(({ size }) => size)) / side
  let offset = 0
  const tiles = row.map(({ item, size }) => {
    const length = size / depth
    const area = isColumn
      ? { x: free.x, y: free.y + offset, width: depth, height: length }
      : { x: free.x + offset, y: free.y, width: length, height: depth }
    offset += length
    return { item, area }
  })
  const rest = isColumn
    ? { ...free, x: free.x + depth, width: Math.max(0, free.width - depth) }
    : { ...free, y: free.y + depth, height: Math.max(0, free.height - depth) }
  return [tiles, rest]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
