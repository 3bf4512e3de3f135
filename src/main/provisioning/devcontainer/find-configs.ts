import { createHash } from 'node:crypto'
import { type ParseError, parse } from 'jsonc-parser'
import { z } from 'zod'
import { MAX_DEVCONTAINER_CONFIGS } from '../../../shared/devcontainer'
import { REPO_PATH } from '../../../shared/repo-path'
import type { Engine } from '../../engine/engine'
import { runCommand } from '../../engine/run-command'

const LOOK_TIMEOUT_MS = 10_000
/** Paths, and the text of one configuration. */
const MAX_OUTPUT_BYTES = 512 * 1024
const MAX_CONFIG_BYTES = 256 * 1024
/** What a configuration may refer to. */
const MAX_REFERENCES = 32

/** What was found in the repository of a workspace. */
export interface FoundConfigs {
  /** Below the repository, those of the workspace's own folder first. */
  paths: string[]
  /**
   * Of the selected configuration and the files it refers to; null if there is none, if it could not be read, or if it was not requested.
   */
  digest: string | null
}

/**
 * `$1` is the configuration that was chosen, or empty; the rest are folders. Prints the paths of all configurations and an empty one, each with a
 * NUL behind it, then the text of the one that counts.
 */
const LOOK = `
chosen=$1
shift
used=
for folder in "$@"; do
  for file in "$folder/.devcontainer/devcontainer.json" "$folder/.devcontainer.json" "$folder"/.devcontainer/*/devcontainer.json; do
    [ -f "$file" ] && [ -r "$file" ] || continue
    printf '%s\\0' "$file"
    [ -n "$used" ] && [ "$file" != "$chosen" ] || used=$file
  done
done
printf '\\0'
[ -z "$used" ] || head -c ${MAX_CONFIG_BYTES} -- "$used"
`

/** Digests of the files at these paths, or below those that are folders. */
const DIGEST = `find -H "$@" -maxdepth 6 -type f -size -4096k -print0 2>/dev/null | sort -z | head -z -n 400 | xargs -0 -r sha256sum`

/** Looks for `devcontainer.json` where the specification has it: in the workspace's own folder, and in the repository. Throws what the engine throws. */
export async function findConfigs(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  { folder, chosen, withDigest, signal }: { folder: string; chosen: string | null; withDigest: boolean; signal?: AbortSignal | undefined },
): Promise<FoundConfigs> {
  const run = (script: string, args: string[]) =>
    runCommand(engine.exec, {
      ...{ containerId, user: 'workspace', cwd: '/', maxBytes: MAX_OUTPUT_BYTES, timeoutMs: LOOK_TIMEOUT_MS, signal },
      command: ['sh', '-c', script, 'sh', ...args],
    })
  const folders = folder === REPO_PATH ? [REPO_PATH] : [folder, REPO_PATH]
  const { stdout } = await run(LOOK, [chosen === null ? '' : `${REPO_PATH}/${chosen}`, ...folders])
  const { paths, content } = readLook(stdout)
  const used = chosen !== null && paths.includes(chosen) ? chosen : paths[0]
  if (used === undefined || !withDigest) return { paths, digest: null }
  const { exitCode, stdout: sums, truncated } = await run(DIGEST, referencesOf(used, content))
  const isWhole = exitCode === 0 && !truncated
  return { paths, digest: isWhole ? createHash('sha256').update(content).update('\0').update(sums).digest('hex') : null }
}

/** Not trusted: a repository can have any names. */
export function readLook(stdout: string): { paths: string[]; content: string } {
  const end = stdout.indexOf('\0\0')
  if (end === -1) return { paths: [], content: '' }
  const paths = stdout
    .slice(0, end)
    .split('\0')
    .filter((path) => path.startsWith(`${REPO_PATH}/`) && path.length < 1024 && !hasControlCharacter(path))
    .map((path) => path.slice(REPO_PATH.length + 1))
  return { paths: [...new Set(paths)].slice(0, MAX_DEVCONTAINER_CONFIGS), content: stdout.slice(end + 2) }
}

const hasControlCharacter = (text: string) => /\p{Cc}/u.test(text)

const referencesSchema = z.object({
  dockerFile: z.string().optional().catch(undefined),
  build: z
    .object({ dockerfile: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  dockerComposeFile: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  features: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

/** Absolute paths of the configuration and the files it uses: Dockerfile, compose files, features. */
export function referencesOf(path: string, content: string): string[] {
  const errors: ParseError[] = []
  const { dockerFile, build, dockerComposeFile, features = {} } = referencesSchema.catch({}).parse(parse(content, errors) ?? {})
  const local = Object.keys(features).filter((feature) => feature.startsWith('./') || feature.startsWith('../'))
  const named = [dockerFile, build?.dockerfile, ...[dockerComposeFile ?? []].flat(), ...local]
  const folder = `${REPO_PATH}/${path}`.slice(0, -'/devcontainer.json'.length)
  const base = path.endsWith('.devcontainer.json') ? `${REPO_PATH}/${path}`.slice(0, -'/.devcontainer.json'.length) : folder
  const paths = named.flatMap((name) => (name === undefined || name.startsWith('/') || hasControlCharacter(name) ? [] : `${base}/${name}`))
  return [`${REPO_PATH}/${path}`, ...paths.slice(0, MAX_REFERENCES)]
}
