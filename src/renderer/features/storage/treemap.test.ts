import { describe, expect, it } from 'vitest'
import { treemap } from './treemap'

const area = { x: 0, y: 0, width: 600, height: 400 }
const tilesOf = (sizes: number[]) => treemap(sizes, (size) => size, area)

describe('a treemap', () => {
  it('is as the paper has it', () => {
    const tiles = tilesOf([6, 6, 4, 3, 2, 2, 1])
    expect(tiles.slice(0, 3).map((tile) => Object.values(tile.area).map(Math.round))).toEqual([
      [0, 0, 300, 200],
      [0, 200, 300, 200],
      [300, 0, 171, 233],
    ])
  })

  it('fills its area, each tile by its size', () => {
    const tiles = tilesOf([5, 500, 50, 1, 20])
    const surface = ({ width, height }: { width: number; height: number }) => width * height
    expect(tiles.reduce((sum, tile) => sum + surface(tile.area), 0)).toBeCloseTo(240_000)
    expect(surface(tiles[1]?.area ?? area) / surface(tiles[0]?.area ?? area)).toBeCloseTo(50 / 500)
    for (const tile of tiles) {
      expect(tile.area.x + tile.area.width).toBeLessThanOrEqual(600.001)
      expect(tile.area.y + tile.area.height).toBeLessThanOrEqual(400.001)
    }
  })

  it('has no tile for nothing', () => {
    expect(tilesOf([0, 0])).toEqual([])
    expect(tilesOf([])).toEqual([])
    expect(tilesOf([0, 7])).toMatchObject([{ item: 7 }])
  })
})
