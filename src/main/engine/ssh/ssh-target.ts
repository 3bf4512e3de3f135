/** A machine with an engine that is reached by ssh. */
export interface SshTarget {
  /** A name that the user's ssh knows, which need not be one of the network's. */
  host: string
  user: string | null
  port: number | null
  /** Of the engine's socket over there; null to look for one. */
  socketPath: string | null
}

/** Characters that mean nothing to ssh's forwards nor to a shell, so that no path needs quoting anywhere. */
const PLAIN_PATH = /^\/[A-Za-z0-9_.,@+=/-]+$/

/** Reads ssh://[user@]host[:port][/path/of/remote.sock]. Throws a TypeError with what is wrong about it. */
export function parseSshUrl(text: string): SshTarget {
  const url = new URL(text)
  if (url.password !== '') throw new TypeError('a password in the address is not supported: ssh uses your agent and your keys')
  if (url.search !== '' || url.hash !== '') throw new TypeError('an ssh address cannot have anything after its path')
  const host = decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  const user = decodeURIComponent(url.username)
  for (const [what, value] of [
    ['host', host],
    ['user', user],
  ] as const) {
    if (value.startsWith('-')) throw new TypeError(`the ${what} cannot start with a dash`)
    if (/[\0- "'`$;&|<>(){}\\]/.test(value)) throw new TypeError(`the ${what} contains invalid characters`)
  }
  if (host === '') throw new TypeError('the address has no host')
  const path = decodeURIComponent(url.pathname)
  const socketPath = path === '' || path === '/' ? null : path
  if (socketPath !== null && !isPlainPath(socketPath)) throw new TypeError('the path contains characters that Berth does not pass to ssh')
  return { host, user: user === '' ? null : user, port: url.port === '' ? null : Number(url.port), socketPath }
}

/** Whether it can be handed to ssh and to a shell over there as it is. */
export function isPlainPath(path: string): boolean {
  return PLAIN_PATH.test(path)
}

/** As arguments of ssh, which come last but for a command: nothing after `--` is an option. */
export function targetArguments({ host, user, port }: SshTarget): string[] {
  return [...(user === null ? [] : ['-l', user]), ...(port === null ? [] : ['-p', String(port)]), '--', host]
}
