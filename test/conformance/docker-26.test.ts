import { afterAll, describe, expect, it } from 'vitest'
import { docker26Obstacle, startDocker26 } from '../support/docker-26'
import type { SecondEngine } from '../support/second-engine'
import { describeConformance } from './cases'
import { openDockerSubject } from './subject'

const obstacle = docker26Obstacle()
if (obstacle !== null) console.log(`Docker 26.1 is skipped: ${obstacle}.`)

describe.skipIf(obstacle !== null)('beside the machine’s engine', () => {
  let engine: SecondEngine | null = null
  afterAll(() => engine?.dispose())

  describeConformance('Docker 26.1', 'own', async () => {
    engine = await startDocker26()
    return openDockerSubject(engine.endpoint, engine)
  })

  it('was of that version', async () => {
    expect((await engine?.docker.version())?.Version).toMatch(/^26\.1\./)
  })
})
