/** Where ssh goes for a repository. */
export interface SshTarget {
  /** As it was given: a name, an address, or a `Host` of ssh's config; with a user if there is one. */
  destination: string
  host: string
  /** null when none was given. */
  port: number | null
  path: string
}

/** Of a URL that `git clone` reaches by ssh, in either form; null for any other. */
export function sshTargetOf(url: string): SshTarget | null {
  if (url.includes('://')) {
    if (!URL.canParse(url)) return null
    const { protocol, username, hostname, port, pathname } = new URL(url)
    if (protocol !== 'ssh:' && protocol !== 'git+ssh:') return null
    // ssh takes an IPv6 address without the brackets that a URL needs.
    const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
    const destination = username === '' ? host : `${decodeURIComponent(username)}@${host}`
    return { destination, host, port: port === '' ? null : Number(port), path: pathname }
  }
  const colon = url.indexOf(':')
  const slash = url.indexOf('/')
  if (colon <= 0 || (slash !== -1 && slash < colon)) return null
  const destination = url.slice(0, colon)
  return { destination, host: destination.slice(destination.indexOf('@') + 1), port: null, path: url.slice(colon + 1) }
}
