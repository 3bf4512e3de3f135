/** Settings of a repository that would have git run a program of its choice. Those of remotes, of which git takes the first, are arguments of each call (`library-repository.ts`). */
const RUNS_PROGRAM =
  /^(filter\..+\.(clean|smudge|process)|merge\..+\.driver|diff\..+\.(command|textconv)|diff\.external|credential\.(.+\.)?helper|core\.(sshcommand|gitproxy|alternaterefscommand|askpass|fsmonitor|editor|pager)|gpg\.(.+\.)?program|sequence\.editor|trailer\..+\.(command|cmd))$/

/** A merge that leaves conflicts as text has them: an empty driver would take one side for the whole, without a word. */
const PLAIN_MERGE = 'git merge-file --marker-size=%L %A %O %B'

/**
 * Settings that override those of a repository which would run programs: the user’s own values, or none. The folder’s configuration may
 * come from others, but what the user has set for all repositories is the user’s own. `listed` is the output of `git config --show-scope
 * --list -z`.
 */
export function shadowedConfig(listed: string): [key: string, value: string][] {
  const users = new Map<string, string[]>()
  const ofFolder = new Set<string>()
  const fields = listed.split('\0')
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope = '', entry = ''] = fields.slice(at, at + 2)
    // A key without a value has no separate line for it.
    const end = entry.indexOf('\n')
    const [key, value] = end === -1 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)]
    if (!RUNS_PROGRAM.test(key.toLowerCase())) continue
    if (scope === 'local' || scope === 'worktree') ofFolder.add(key)
    else users.set(key, [...(users.get(key) ?? []), value])
  }
  return [...ofFolder].flatMap((key) => shadows(key, users.get(key) ?? []))
}

function shadows(key: string, users: readonly string[]): [string, string][] {
  // An empty helper takes away all that were named before; they are asked one after the other.
  if (key.endsWith('.helper')) return [[key, ''], ...users.map((value): [string, string] => [key, value])]
  const own = users.at(-1)
  if (own !== undefined) return [[key, own]]
  if (key.startsWith('merge.')) return [[key, PLAIN_MERGE]]
  if (!key.startsWith('filter.')) return [[key, '']]
  // A filter that is required and does nothing is a failure to git.
  return [
    [key, ''],
    [`${key.slice(0, key.lastIndexOf('.'))}.required`, 'false'],
  ]
}
