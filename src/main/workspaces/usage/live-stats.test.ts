import { describe, expect, it } from 'vitest'
import type { ContainerCounters } from '../../engine/stats'
import { createLiveStats, toSample } from './live-stats'

const counters = (second: number, more: Partial<ContainerCounters> = {}): ContainerCounters => ({
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
  ...{
    cpuNanoseconds: 0,
    memoryBytes: 100,
    memoryLimitBytes: 1000,
    receivedBytes: 0,
    sentBytes: 0,
    readBytes: 0,
    writtenBytes: 0,
    processes: 1,
  },
  ...more,
})

it('rates are by the time between two counts, and never negative', () => {
  const before = counters(0, { cpuNanoseconds: 1e9, receivedBytes: 100, writtenBytes: 5000 })
  const sample = toSample(before, counters(2, { cpuNanoseconds: 4e9, receivedBytes: 300, writtenBytes: 0 }))
  expect(sample).toMatchObject({ cpus: 1.5, networkReceived: 100, diskWritten: 0, memoryBytes: 100 })
})

describe('live figures', () => {
  /** An engine whose streams are driven by the test. */
  function fakeEngine() {
    const opened: { signal: AbortSignal; say: (counters: ContainerCounters | null) => void }[] = []
    async function* watchCounters(_id: string, signal: AbortSignal): AsyncGenerator<ContainerCounters> {
      const waiting: (ContainerCounters | null)[] = []
      let wake = () => {}
      signal.addEventListener('abort', () => wake())
      const say = (one: ContainerCounters | null) => {
        waiting.push(one)
        wake()
      }
      opened.push({ signal, say })
      while (!signal.aborted) {
        const next = waiting.shift()
        if (next === null) return
        if (next) yield next
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    }
    return { opened, containers: { watchCounters } }
  }

  it('come from one stream for all who look, and the stream ends with the last of them', async () => {
    const engine = fakeEngine()
    const live = createLiveStats(engine)
    const [first, second] = [new AbortController(), new AbortController()]
    const one = live.watch('c', first.signal)
    const two = live.watch('c', second.signal)
    const answers = [one.next(), two.next()]
    engine.opened[0]?.say(counters(0))
    engine.opened[0]?.say(counters(1, { memoryBytes: 7 }))
    for (const { value } of await Promise.all(answers)) expect(value).toMatchObject([{ memoryBytes: 7 }])
    expect(live.openStreams()).toBe(1)
    await one.return(undefined)
    expect(engine.opened[0]?.signal.aborted).toBe(false)
    await two.return(undefined)
    expect(engine.opened[0]?.signal.aborted).toBe(true)
    expect(live.openStreams()).toBe(0)

    const again = live.watch('c', new AbortController().signal)
    expect((await again.next()).value, 'what was seen a moment ago is there at once').toMatchObject([{ memoryBytes: 7 }])
    expect(engine.opened).toHaveLength(2)
  })

  it('end when the container stops', async () => {
    const engine = fakeEngine()
    const watching = createLiveStats(engine).watch('c', new AbortController().signal)
    const end = watching.next()
    engine.opened[0]?.say(null)
    expect(await end).toEqual({ done: true, value: undefined })
  })

  it('give a slow reader several at once', async () => {
    const engine = fakeEngine()
    const watching = createLiveStats(engine).watch('c', new AbortController().signal)
    const first = watching.next()
    engine.opened[0]?.say(counters(0))
    engine.opened[0]?.say(counters(1))
    await first
    for (let second = 2; second < 500; second++) engine.opened[0]?.say(counters(second))
    await new Promise((resolve) => setTimeout(resolve, 20))
    const { value } = await watching.next()
    expect(value).toHaveLength(300)
  })
})
