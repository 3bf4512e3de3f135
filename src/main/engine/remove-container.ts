import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { engineStatusOf } from './engine-errors'

/** How often a removal that somebody else has begun is looked at. */
const LOOK_AGAIN_MS = 200
/** Until somebody else's removal counts as one that does not come to its end. */
const LONGEST_REMOVAL_MS = 60_000

/**
 * Removes the container, running or not, and resolves when it is gone and has released its volumes, whoever removed it. Throws the engine's
 * reason if it stays: a container whose removal failed is “dead”, and a retry gets the cause.
 */
export async function removeAndWait(container: Docker.Container): Promise<void> {
  const end = performance.now() + LONGEST_REMOVAL_MS
  while (!(await removeOnce(container, end)));
}

/** False if someone else, mostly the engine itself, is removing it: that may fail, and only they would learn of it. */
async function removeOnce(container: Docker.Container, end: number): Promise<boolean> {
  const isOver = new AbortController()
  // Begun first, so that the end of a removal that is under way is heard of. It ends in the same way when that fails.
  const others = container.wait({ condition: 'removed', abortSignal: isOver.signal }).catch(() => undefined)
  try {
    await container.remove({ force: true })
    return true
  } catch (error) {
    const status = engineStatusOf(error)
    const isGone = status === 404
    if (!isGone && (status !== 409 || performance.now() > end)) throw error
    // One that is gone lets go of its volumes a moment later.
    await Promise.race([others, sleep(LOOK_AGAIN_MS)])
    return isGone
  } finally {
    isOver.abort()
  }
}
