import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { Door } from '../../../shared/door'
import { API_PATH } from '../../../shared/door-addresses'
import { type ErrorCode, errorDefinitions } from '../../../shared/error-definitions'
import { parseJson } from '../../../shared/parse-json'
import { CliError } from '../../cli-error'

/** Bytes of files come and go over plain HTTP. */
export type TransferKind = 'content' | 'archive'

const resultSchema = z.object({
  files: z.number(),
  bytes: z.number(),
  skipped: z.array(z.string()),
  skippedCount: z.number(),
})
export type TransferResult = z.infer<typeof resultSchema>

const refusalSchema = z.object({
  code: z.enum(Object.keys(errorDefinitions) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  data: z.looseObject({ next: z.string() }),
})

function optionsFor(door: Door, workspace: string, kind: TransferKind, query: Record<string, string>): [URL, RequestOptions] {
  const url = new URL(`${door.url}${API_PATH}/workspaces/${encodeURIComponent(workspace)}/files/${kind}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return [url, { headers: { authorization: `Bearer ${door.token}` } }]
}

/** Throws what Berth refused with, CONNECTION_LOST. */
export async function receive(
  door: Door,
  workspace: string,
  kind: TransferKind,
  path: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const [url, options] = optionsFor(door, workspace, kind, { path })
  const request = httpRequest(url, { ...options, method: 'GET', signal })
  const answer = new Promise<IncomingMessage>((resolve, reject) => request.on('response', resolve).on('error', reject))
  request.end()
  return checked(await answer.catch(lost))
}

/** Sends as fast as it is taken. Throws what `body` throws, what Berth refused with, CONNECTION_LOST. */
export async function send(
  door: Door,
  workspace: string,
  kind: TransferKind,
  path: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<TransferResult> {
  const [url, options] = optionsFor(door, workspace, kind, { path })
  const request = httpRequest(url, { ...options, method: 'PUT', signal })
  const answer = new Promise<IncomingMessage>((resolve, reject) => request.on('response', resolve).on('error', reject))
  answer.catch(() => undefined)
  let failure: unknown = null
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } catch (error) {
      failure = error
      throw error
    }
  }
  const sent = pipeline(Readable.from(watched()), request)
  sent.catch(() => undefined)
  try {
    const response = await checked(await answer)
    return resultSchema.parse(JSON.parse(await text(response)))
  } catch (error) {
    if (error instanceof CliError) throw error
    throw failure ?? lost(error)
  } finally {
    // Refused before it had all.
    request.destroy()
  }
}

async function checked(response: IncomingMessage): Promise<IncomingMessage> {
  if (response.statusCode === 200) return response
  const refusal = refusalSchema.safeParse(parseJson(await text(response))).data
  if (refusal === undefined) throw lost(new Error(`it answered with status ${response.statusCode}`))
  const { next, ...data } = refusal.data
  throw new CliError(refusal.code, refusal.message, { next, data })
}

function lost(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new CliError('CONNECTION_LOST', `The connection to Berth broke during the copy: ${reason}.`, { next: 'Try again.', cause })
}
