const PROXIES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy']
const EXCEPT = 'no_proxy'
const LOOPBACK = ['localhost', '127.0.0.1', '::1']

/**
 * With the variables by which programs find their proxy: in small and in capital letters, as some programs read only one of them, and with
 * loopback among what is reached without a proxy. As they are where no proxy is set.
 */
export function withProxyVariables(variables: Record<string, string>): Record<string, string> {
  const givenAs = (name: string) => variables[name] ?? variables[name.toUpperCase()]
  const set = PROXIES.filter((name) => (givenAs(name) ?? '') !== '')
  if (set.length === 0) return variables
  const both = set.flatMap((name) => [name, name.toUpperCase()].map((spelling) => [spelling, givenAs(name) ?? '']))
  const except = [EXCEPT, EXCEPT.toUpperCase()].map((spelling) => [spelling, withLoopback(variables[spelling] ?? givenAs(EXCEPT) ?? '')])
  return { ...Object.fromEntries([...both, ...except]), ...variables, ...Object.fromEntries(except) }
}

function withLoopback(list: string): string {
  const hosts = list.split(/[\s,]+/).filter((host) => host !== '')
  if (hosts.includes('*')) return list
  return [...hosts, ...LOOPBACK.filter((host) => !hosts.includes(host))].join(',')
}
