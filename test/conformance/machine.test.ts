import { afterAll, beforeAll, describe } from 'vitest'
import { type SecondEngine, startSecondEngine } from '../support/second-engine'
import { describeConformance, describeOwn } from './cases'
import { openDockerSubject, type Subject } from './subject'

describeConformance('the machine’s engine', 'shared', () => openDockerSubject(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'))

describe.skipIf(process.getuid?.() !== 0)('another of its version, which nobody else uses', () => {
  let engine: SecondEngine | null = null
  let subject: Subject
  beforeAll(async () => {
    engine = await startSecondEngine()
    subject = await openDockerSubject(engine.endpoint, engine)
  })
  afterAll(() => engine?.dispose())
  afterAll(() => subject.close())
  describeOwn(() => subject)
})
