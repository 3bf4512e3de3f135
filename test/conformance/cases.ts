import { afterAll, beforeAll, describe } from 'vitest'
import { containerCases } from './container-cases'
import { eventCases } from './event-cases'
import { imageCases } from './image-cases'
import { programCases } from './program-cases'
import type { Subject } from './subject'
import { volumeCases } from './volume-cases'

/** What Berth relies on of every engine: the same cases for each. */
export function describeConformance(name: string, open: () => Promise<Subject>): void {
  describe(name, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await open()
    }, 600_000)
    afterAll(() => subject.close())
    const get = () => subject

    describe('containers', () => containerCases(get))
    describe('events', () => eventCases(get))
    describe('volumes', () => volumeCases(get))
    describe('images', () => imageCases(get))
    describe('programs', () => programCases(get))
  })
}
