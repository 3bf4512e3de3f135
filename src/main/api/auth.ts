import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { WEBSOCKET_PROTOCOL } from '../../shared/door-addresses'
import { BerthError } from '../../shared/errors'

/** Compares in constant time: digests of equal length, so that neither the length nor a common beginning can be measured. */
export function createTokenCheck(token: string): (presented: string | null) => boolean {
  const expected = digest(token)
  return (presented) => presented !== null && timingSafeEqual(digest(presented), expected)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The token of `Authorization: Bearer …`; null without one. */
export function bearerToken(request: IncomingMessage): string | null {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && token !== undefined && token !== '' && rest.length === 0 ? token : null
}

/** The token of a WebSocket: the Authorization header, else the subprotocol after `berth`, as a browser can send no headers. */
export function socketToken(request: IncomingMessage): string | null {
  const fromHeader = bearerToken(request)
  if (fromHeader !== null) return fromHeader
  const [protocol, token] = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim())
  return protocol === WEBSOCKET_PROTOCOL && token !== undefined && token !== '' ? token : null
}

export function unauthorized(): BerthError<'UNAUTHORIZED'> {
  return new BerthError('UNAUTHORIZED', 'The token is missing or wrong.', {
    next: 'Open Berth with “berth open”, or send the token from door.json as “Authorization: Bearer TOKEN”.',
  })
}
