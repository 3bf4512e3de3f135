import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const WAIT_MS = 10_000

/** Resolves once somebody listens there. Throws when that takes too long. */
export async function connectable(host: string, port: number): Promise<void> {
  const end = performance.now() + WAIT_MS
  for (;;) {
    const socket = connect({ host, port })
    try {
      await once(socket, 'connect')
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(20)
    } finally {
      socket.destroy()
    }
  }
}
