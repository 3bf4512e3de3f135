import { createORPCClient } from '@orpc/client'
import type { BerthClient } from '../shared/contract/contract'
import type { Connection, ConnectionState } from './connection/connection'
import { createPortTransport } from './connection/port-transport'
import { createWebSocketTransport } from './connection/websocket-transport'

/** The page is in Berth's own desktop window, whose preload hands it a port. */
export const isDesktop = navigator.userAgent.includes('Electron/')

const transport = isDesktop ? createPortTransport() : createWebSocketTransport(location.origin)

/** Everything Berth can do. A call while the connection is lost throws ConnectionLostError. */
export const client: BerthClient = createORPCClient(transport.link)

/** For bytes of sessions, which travel on channels of their own (`stream-client.ts`). */
export const connection: Connection = transport.connection

export const connectionState: () => ConnectionState = transport.state

/** Calls `listener` at each change of the connection; returns what ends that. */
export const onConnectionState: (listener: (state: ConnectionState) => void) => () => void = transport.onState

/** Tries to connect at once instead of when the wait is over. */
export const reconnectNow: () => void = transport.retryNow
