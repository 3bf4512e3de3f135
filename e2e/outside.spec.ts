import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { expect, test } from './berth-fixture'
import { docker, uniqueName } from './berth-process'
import { heading, READY_MS, row } from './page-parts'

/** On a machine that does nothing else it is some 20 ms. */
const SHOWN_WITHIN_MS = 1000

test('a workspace that is stopped and started past Berth shows so at once', async ({ page, berth }) => {
  const name = uniqueName('outside')
  await berth.client.workspaces.start({ name, wait: true })
  const container = docker.getContainer(`workspace-${name}`)
  await expect(row(page, name, 'running')).toBeVisible()

  // Looks on before anything is done, or it might come to see what has been there before it came.
  const watch = await page.evaluateHandle((sought) => {
    const row = `a[aria-label="${sought}, stopped"]`
    const shown = new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (document.querySelector(row) === null) return
        observer.disconnect()
        resolve(Date.now())
      })
      observer.observe(document.body, { subtree: true, childList: true, attributes: true })
    })
    return { shown }
  }, name)
  const { id } = await container.inspect().then(({ Id }) => ({ id: Id }))
  const died = await timeOfDeath(id)
  await container.stop()
  const late = (await watch.evaluate(({ shown }) => shown)) - (await died.time)
  process.stdout.write(`  Stopped outside: the page shows it ${Math.round(late)} ms after the engine’s event.\n`)
  expect(late).toBeLessThan(SHOWN_WITHIN_MS)

  await container.start()
  await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
})

test('a workspace that is made in a terminal is there without a reload, and goes with its deletion there', async ({ page, berth }) => {
  const name = uniqueName('cli')
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click()
  await expect(heading(page, name)).toBeVisible()
  await berth.client.workspaces.delete({ workspace: name, wait: true })
  await expect(page.getByRole('link', { name: new RegExp(`^${name},`) })).toHaveCount(0)
  await expect(heading(page, name)).toHaveCount(0)
})

/** Resolves once it listens; `time` is when the engine says that the container ended, in milliseconds since 1970. */
async function timeOfDeath(containerId: string): Promise<{ time: Promise<number> }> {
  const stream = (await docker.getEvents({ filters: { container: [containerId], event: ['die'] } })) as Readable
  return { time: firstTime(stream) }
}

async function firstTime(stream: Readable): Promise<number> {
  try {
    for await (const line of createInterface({ input: stream })) {
      const event: { timeNano: number } = JSON.parse(line)
      return event.timeNano / 1e6
    }
    throw new Error('The event stream ended.')
  } finally {
    stream.destroy()
  }
}
