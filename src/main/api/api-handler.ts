import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AnyContractRouter } from '@orpc/contract'
import { SmartCoercionPlugin } from '@orpc/json-schema'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { onError, type Router } from '@orpc/server'
import { BodyLimitPlugin } from '@orpc/server/node'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { API_PATH } from '../../shared/door-addresses'
import { CompatibilityPlugin } from './compatibility'
import { logProcedureError } from './procedure-log'
import { sendNotFound } from './refusal'
import { PLAIN_HEADERS } from './security-headers'

/** The largest input of the contract is the stdin of an exec, 16 MiB of text; as JSON it can need more bytes. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024

/** The result of `createRouter` for the contract; a door needs nothing else. */
export type ServedRouter = Router<AnyContractRouter, Record<never, never>>

/** The HTTP API: every procedure of the contract at its route below /api. The caller has checked host and token. */
export function createApiHandler(router: ServedRouter): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handler = new OpenAPIHandler(router, {
    plugins: [
      // Query parameters are text: `?tail=10&follow=true` become what the schema says they are.
      new SmartCoercionPlugin({ schemaConverters: [new ZodToJsonSchemaConverter()] }),
      new BodyLimitPlugin({ maxBodySize: MAX_REQUEST_BYTES }),
      new CompatibilityPlugin(),
    ],
    clientInterceptors: [onError(logProcedureError)],
  })

  return async (request, response) => {
    for (const [name, value] of Object.entries(PLAIN_HEADERS)) response.setHeader(name, value)
    response.setHeader('cache-control', 'no-store')
    // The default content type of `curl --data`, also for JSON. The API does not accept forms.
    if (request.headers['content-type'] === 'application/x-www-form-urlencoded') request.headers['content-type'] = 'application/json'
    const { matched } = await handler.handle(request, response, { prefix: API_PATH, context: {} })
    if (!matched) sendNotFound(response)
  }
}
