import { usageError } from '../cli-error'
import type { CliHost } from '../context'

/** `--env K=V` as often as given, the last of a name wins. `--env K` passes on the caller's own value, as `docker run` does. */
export function parseEnvironment(pairs: readonly string[], env: CliHost['env']): Record<string, string> {
  const parsed: [string, string][] = pairs.map((pair) => {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw usageError(
        `“${pair}” is not a variable: a name has letters, digits and underscores only, and no digit first.`,
        'Write --env NAME=VALUE.',
      )
    }
    if (equals !== -1) return [name, pair.slice(equals + 1)]
    const own = env[name]
    if (own === undefined) throw usageError(`There is no variable ${name} here to pass on.`, `Write --env ${name}=VALUE.`)
    return [name, own]
  })
  // Not assigned one by one: a variable may well be called __proto__.
  return Object.fromEntries(parsed)
}
