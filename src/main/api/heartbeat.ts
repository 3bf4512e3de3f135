import type { WebSocket } from 'ws'

const INTERVAL_MS = 30_000

/** Pings a socket and drops it when it has not answered the ping before: its machine slept, or the other end is gone. */
export function keepAlive(socket: WebSocket, intervalMs = INTERVAL_MS): void {
  let isAlive = true
  const timer = setInterval(() => {
    if (!isAlive) {
      socket.terminate()
      return
    }
    isAlive = false
    socket.ping()
  }, intervalMs)
  timer.unref()
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('close', () => clearInterval(timer))
}
