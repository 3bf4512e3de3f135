import { RPCLink } from '@orpc/client/websocket'
import { API_PATH, RPC_PATH, WEBSOCKET_PROTOCOL } from '../../shared/door-addresses'
import { createStateCell, type Transport } from './connection'
import { replaceableLink } from './replaceable-link'
import { storedToken, takeTokenFromAddress } from './token'

const FIRST_DELAY_MS = 250
const LONGEST_DELAY_MS = 8000

/** How long to wait before the `attempt`-th try (from 1): doubled each time, up to a limit. */
export function retryDelay(attempt: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS)
}

/** The way to Berth from a browser: a WebSocket to the origin of the page, made again whenever it drops. */
export function createWebSocketTransport(origin: string): Transport {
  takeTokenFromAddress()
  const url = origin.replace(/^http/, 'ws')
  const state = createStateCell({ status: 'connecting' })
  let link: RPCLink<Record<never, never>> | null = null
  let attempt = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  const connect = () => {
    timer = null
    const token = storedToken()
    if (token === null) {
      state.set({ status: 'refused', reason: 'no-token' })
      return
    }
    if (attempt > 0) state.set({ status: 'reconnecting', attempt, retryAt: null })
    const socket = new WebSocket(url + RPC_PATH, [WEBSOCKET_PROTOCOL, token])
    let opened = false
    socket.addEventListener('open', () => {
      opened = true
      attempt = 0
      state.set({ status: 'open' })
    })
    socket.addEventListener('close', () => {
      link = null
      // A browser does not tell why a WebSocket was refused: the HTTP door does.
      if (opened) retryLater()
      else
        void isTokenRefused(origin, token).then((refused) =>
          refused ? state.set({ status: 'refused', reason: 'wrong-token' }) : retryLater(),
        )
    })
    link = new RPCLink({ websocket: socket })
  }

  const retryLater = () => {
    attempt += 1
    const delay = retryDelay(attempt)
    state.set({ status: 'reconnecting', attempt, retryAt: Date.now() + delay })
    timer = setTimeout(connect, delay)
  }

  const retryNow = () => {
    if (timer === null) return
    clearTimeout(timer)
    connect()
  }

  window.addEventListener('online', retryNow)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && retryNow())
  // A link with a token, opened over a page that is already there, changes only the fragment.
  window.addEventListener('hashchange', () => {
    const before = storedToken()
    takeTokenFromAddress()
    if (state.get().status === 'refused' && storedToken() !== before) connect()
  })
  connect()

  return {
    connection: {
      kind: 'websocket',
      url,
      get token() {
        return storedToken() ?? ''
      },
    },
    link: replaceableLink(() => link),
    state: state.get,
    onState: state.onState,
    retryNow,
  }
}

async function isTokenRefused(origin: string, token: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}${API_PATH}/system`, { headers: { authorization: `Bearer ${token}` } })
    return response.status === 401
  } catch {
    // Nothing answers at all: not a refusal; the caller tries again.
    return false
  }
}
