import { describe, expect, it } from 'vitest'
import { chooseWatched, MOST_IN_ALL, MOST_ON_ONE_ENGINE, type WatchCandidate } from './watched-workspaces'

/** So many on the engine; the one with the highest number was used last. */
const running = (count: number, engine = 'local'): WatchCandidate[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${engine}-${index}`, engine, isHeld: false, lastUse: index }))

const most = { onOneEngine: 3, inAll: 5 }

describe('which workspaces are watched', () => {
  it('thirty that run on an engine are all watched', () => {
    expect(chooseWatched(running(30)).size).toBe(30)
  })

  it('of more than there may be on one engine those that were used last are', () => {
    expect([...chooseWatched(running(10), most)]).toEqual(['local-9', 'local-8', 'local-7'])
    expect(chooseWatched(running(2000)).size).toBe(MOST_ON_ONE_ENGINE)
  })

  it('many engines do not add up to any number', () => {
    const all = Array.from({ length: 50 }, (_, engine) => running(40, `e${engine}`)).flat()
    expect(chooseWatched(all).size).toBe(MOST_IN_ALL)
  })

  it('one with many that were used last leaves the others theirs', () => {
    const busy = running(10, 'busy').map((candidate) => ({ ...candidate, lastUse: candidate.lastUse + 1000 }))
    expect([...chooseWatched([...running(10), ...busy], most)]).toEqual(['busy-9', 'busy-8', 'busy-7', 'local-9', 'local-8'])
  })

  it('one in use is watched, however many there are and whenever it was used', () => {
    const all = running(10).map((candidate, index) => ({ ...candidate, isHeld: index < 4 }))
    expect([...chooseWatched(all, most)]).toEqual(['local-0', 'local-1', 'local-2', 'local-3'])
    expect([...chooseWatched(all.slice(1), most)].sort(), 'these take the place of others').toEqual(['local-1', 'local-2', 'local-3'])
  })
})
