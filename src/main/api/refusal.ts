import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorStatus } from '../../shared/error-definitions'
import { type BerthError, toProblem } from '../../shared/errors'
import { PLAIN_HEADERS } from './security-headers'

/** Answers outside the router, in the form in which the router gives its errors. */
export function sendError(response: ServerResponse, error: BerthError): void {
  sendJson(response, errorStatus(error), errorBody(error), error.code === 'UNAUTHORIZED' ? { 'www-authenticate': 'Bearer' } : {})
}

export function sendNotFound(response: ServerResponse): void {
  const body = { defined: false, code: 'NOT_FOUND', status: 404, message: 'This address does not exist. /api lists all addresses.' }
  sendJson(response, 404, body)
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...PLAIN_HEADERS, 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(JSON.stringify(body))
}

/** Answers an upgrade that is refused; there is no response object for those. */
export function refuseUpgrade(socket: Duplex, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'connection: close',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  )
}

export function errorBody(error: BerthError): object {
  return { defined: true, code: error.code, status: errorStatus(error), message: error.message, data: toProblem(error).data }
}
