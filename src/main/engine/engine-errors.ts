import { BerthError } from '../../shared/errors'

/** An error of Node's or of dockerode's: what both have that says what happened. */
interface RawError {
  message: string
  code?: unknown
  statusCode?: unknown
  reason?: unknown
  json?: unknown
}

const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EACCES',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])

/** The engine has no code for a full disk: this is the kernel's own text for ENOSPC, which every engine passes on unchanged. */
const NO_SPACE = 'no space left on device'

const NOT_SIGNED = 'its certificate is not signed by the authority in ca.pem'
const CERTIFICATE_REFUSED = 'it requires a client certificate (cert.pem and key.pem) signed by its own authority'

const PLAIN_REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing is listening there',
  ENOENT: 'the socket does not exist',
  EACCES: 'your user has no permission to use the socket',
  ENOTFOUND: 'the host name cannot be resolved',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_SIGNED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_SIGNED,
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_SIGNED,
  CERT_SIGNATURE_FAILURE: NOT_SIGNED,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not use TLS',
  // Of OpenSSL (Node) and of BoringSSL (Electron). Engines say the same of a certificate that is missing.
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': CERTIFICATE_REFUSED,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CERTIFICATE_REFUSED,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CERTIFICATE_REFUSED,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CERTIFICATE_REFUSED,
  ERR_SSL_TLSV1_CERTIFICATE_REQUIRED: CERTIFICATE_REFUSED,
}

/** HTTP status of an engine's answer; null when the error is not one. */
export function engineStatusOf(error: unknown): number | null {
  return isRawError(error) && typeof error.statusCode === 'number' ? error.statusCode : null
}

/** True when no answer came at all, so that the engine (not the request) is what is wrong. */
export function isUnreachable(error: unknown): boolean {
  return isRawError(error) && typeof error.code === 'string' && UNREACHABLE_CODES.has(error.code)
}

/** In a few words, why a connection failed. */
export function connectionReason(error: unknown): string {
  if (!isRawError(error)) return String(error)
  return (typeof error.code === 'string' ? PLAIN_REASONS[error.code] : undefined) ?? error.message
}

/** The one place that makes a typed error of what dockerode throws. `what` is the thing that was tried: “start the container”. */
export function engineError(error: unknown, what: string, endpoint: string): BerthError {
  if (error instanceof BerthError) return error
  if (isRawError(error) && (error.code === 'ABORT_ERR' || ('name' in error && error.name === 'AbortError'))) {
    return new BerthError('CANCELLED', `Cancelled: ${what}.`, { what, next: 'Start it again if you still need it.' }, { cause: error })
  }
  if (isUnreachable(error)) {
    const reason = connectionReason(error)
    return new BerthError(
      'ENGINE_UNREACHABLE',
      `Could not ${what}: the engine at ${endpoint} does not answer (${reason}).`,
      { endpoint, tried: [{ endpoint, reason }], next: 'Start the engine. Berth reconnects automatically.' },
      { cause: error },
    )
  }
  const reason = engineReason(error)
  if (reason.includes(NO_SPACE)) {
    return new BerthError(
      'DISK_FULL',
      `Could not ${what}: the engine’s disk is full.`,
      {
        where: 'the engine’s disk',
        next: 'Free space on the engine’s disk (unused images and stopped containers are a good start), then try again.',
      },
      { cause: error },
    )
  }
  return new BerthError(
    'ENGINE_REFUSED',
    `Could not ${what}: ${reason}`,
    { engineStatus: engineStatusOf(error) ?? 0, reason, next: 'Check the engine’s log for details.' },
    { cause: error },
  )
}

function engineReason(error: unknown): string {
  if (!isRawError(error)) return String(error)
  const { json } = error
  if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string') return json.message
  // For a call that streams, the engine's own words come only behind a prefix of dockerode's making.
  const prefix = `(HTTP code ${error.statusCode}) ${error.reason ?? 'unexpected'} - `
  return error.message.startsWith(prefix) ? error.message.slice(prefix.length).trim() : error.message
}

function isRawError(error: unknown): error is RawError {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
}

/** For what may be gone: null in place of the engine's 404. */
export async function nullIfMissing<Value>(promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise
  } catch (error) {
    if (engineStatusOf(error) === 404) return null
    throw error
  }
}

/** For changes that are already done: the engine's answer with that status is not a failure. */
export async function ignoreStatus(status: number, promise: Promise<unknown>): Promise<void> {
  try {
    await promise
  } catch (error) {
    if (engineStatusOf(error) !== status) throw error
  }
}

/**
 * For what Docker refuses with 409 and Podman with 500, as if it had an internal error: the error gets the status 409 if `isConflict` says
 * so.
 */
export async function conflictIf<Value>(isConflict: () => Promise<boolean>, promise: Promise<Value>): Promise<Value> {
  try {
    return await promise
  } catch (error) {
    if (engineStatusOf(error) !== 500 || !isRawError(error) || !(await isConflict())) throw error
    throw Object.assign(new Error(error.message, { cause: error }), { statusCode: 409, reason: 'conflict' })
  }
}
