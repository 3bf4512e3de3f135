import { afterAll, describe, expect, it } from 'vitest'
import { docker26Obstacle, startDocker26 } from '../support/docker-26'
import type { SecondEngine } from '../support/second-engine'
import { describeConformance } from './cases'
import { openDockerSubject } from './subject'

describeConformance('the machine’s engine', 'real', () => openDockerSubject(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'))

const obstacle = docker26Obstacle()
if (obstacle !== null) console.log(`Docker 26.1 is skipped: ${obstacle}.`)

describe.skipIf(obstacle !== null)('beside it', () => {
  let engine: SecondEngine | null = null
  afterAll(() => engine?.dispose())

  describeConformance('Docker 26.1', 'real', async () => {
    engine = await startDocker26()
    return openDockerSubject(engine.endpoint)
  })

  it('was of that version', async () => {
    expect((await engine?.docker.version())?.Version).toMatch(/^26\.1\./)
  })
})
