import { NO_FAULTS } from '../engine/connection-model'
import type { FaultKind, Step } from '../steps'
import type { Scene } from './scene'
import { turnIntoFirstVersion } from './upgrade'

const SHORT_MS = 200
const LONG_MS = 8000
/** An engine that is away, so that what another one has to do with it shows. */
const AWAY_MS = 40_000

/** Lets something go wrong, with the engine of this step where it is about one. Returns for how long, in words; null when it is so already. */
export function letGoWrong(scene: Scene, step: Step & { do: FaultKind }): string | null {
  const { world, engine, files, line, restart } = scene
  const [by, lasting, ...chances] = step.by
  const milliseconds = SHORT_MS + lasting * lasting * LONG_MS
  const later = (end: () => void) => {
    world.after(milliseconds, end, 'outside')
    return `for ${Math.round(milliseconds)} ms`
  }
  switch (step.do) {
    case 'crash':
      // Where there are several engines one of them may be away when Berth comes up again.
      if (scene.places.list.length === 1 || by < 0.5 || !line.isUp) {
        restart()
        return ''
      }
      line.setUp(false)
      restart()
      return `while ${scene.place} is away ${later(() => line.setUp(true))}`
    case 'upgrade':
      restart(() => turnIntoFirstVersion(scene))
      return ''
    case 'engine-lost':
      if (!line.isUp) return null
      line.setUp(false)
      return later(() => comeBack(scene, chances))
    case 'engine-away': {
      if (!line.isUp || line.isSilent) return null
      const isSilent = by < 0.5
      if (isSilent) line.setSilent(true)
      else line.setUp(false)
      world.after(lasting * AWAY_MS, () => (isSilent ? line.setSilent(false) : line.setUp(true)), 'outside')
      return `${scene.place} ${isSilent ? 'says nothing' : 'is away'} for ${Math.round(lasting * AWAY_MS)} ms`
    }
    case 'engine-killed':
      line.setUp(false)
      engine.crash()
      return later(() => line.setUp(true))
    case 'engine-full':
      if (engine.isFull) return null
      engine.isFull = true
      return later(() => {
        engine.isFull = false
        line.disturb()
      })
    case 'home-full':
      files.setFull(true)
      return later(() => {
        files.setFull(false)
        for (const each of scene.places.list) each.line.disturb()
      })
    case 'trouble': {
      if (line.faults !== NO_FAULTS) return null
      const [first = 0, second = 0] = chances
      const chance = (number: number) => (number < 0.5 ? 0 : (number - 0.5) / 5)
      line.faults = { lost: chance(by), answerLost: chance(first), refuse: chance(second), slow: chance(1 - by) }
      return later(() => {
        line.faults = NO_FAULTS
      })
    }
    case 'clock':
      world.jumpClock((by - 0.5) * 7_200_000)
      return `${Math.round((by - 0.5) * 7200)} s`
    default:
      return step.do satisfies never
  }
}

/** The engine is back; it may go once more at once, or answer badly at first. */
function comeBack({ world, line }: Scene, [first = 0, second = 0]: readonly number[]): void {
  line.setUp(true)
  if (first < 0.3) {
    world.after(first * 100, () => line.setUp(false), 'outside')
    world.after(200, () => line.setUp(true), 'outside')
  }
  if (second > 0.3 || line.faults !== NO_FAULTS) return
  line.faults = { ...NO_FAULTS, lost: second, refuse: 0.3 }
  const end = () => {
    line.faults = NO_FAULTS
  }
  world.after(500, end, 'outside')
}
