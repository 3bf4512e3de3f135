import { afterAll, beforeAll, describe, it } from 'vitest'
import { containerCases } from './container-cases'
import { eventCases } from './event-cases'
import { imageCases } from './image-cases'
import { programCases } from './program-cases'
import type { RealOnly, Subject } from './subject'
import { volumeCases } from './volume-cases'

/** What Berth relies on of every engine, the simulated one included: the same cases for each. */
export function describeConformance(name: string, kind: 'real' | 'simulated', open: () => Promise<Subject>): void {
  const realOnly: RealOnly = (reason, title, run) => {
    if (kind === 'real') it(title, run)
    else it.skip(`${title} (real engines only: ${reason})`)
  }
  describe(name, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await open()
    }, 600_000)
    afterAll(() => subject.close())
    const get = () => subject

    describe('containers', () => containerCases(get))
    describe('events', () => eventCases(get))
    describe('volumes', () => volumeCases(get, realOnly))
    describe('images', () => imageCases(get))
    describe('programs', () => programCases(get, realOnly))
  })
}
