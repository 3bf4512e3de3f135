import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { BerthError } from '../../../shared/errors'
import type { ContainerFile } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import { runCommand } from '../../engine/run-command'

/** Of Node.js, for the CLI. */
const LEAST_NODE = 20
const FOLDER = '/usr/local/lib/berth/devcontainer-cli'
const CHECK_TIMEOUT_MS = 15_000
const INSTALL_TIMEOUT_MS = 300_000
const MAX_OUTPUT_BYTES = 64 * 1024
const KEPT_LOG_LINES = 20

/** The files of the package that it needs to run. The last one shows that it is complete, since a tar is unpacked in order. */
const FILES = [
  'dist/spec-node/devContainersSpecCLI.js',
  'scripts/updateUID.Dockerfile',
  'LICENSE.txt',
  'ThirdPartyNotices.txt',
  'package.json',
]

/** Prints the version of Node.js, or “none”, and whether the CLI is there in that version (`$1`), “yes” or “no”. */
const CHECK = `
node --version 2>/dev/null || echo none
[ -f "$1/package.json" ] && echo yes || echo no
`

/** As the image's own package manager has it, without what it recommends. */
const INSTALL_NODE = `
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -y -q --no-install-recommends nodejs
elif command -v pacman >/dev/null; then
  pacman -Sy --noconfirm --needed nodejs
else
  echo "there is no supported package manager" >&2
  exit 1
fi
`

interface InstallOptions {
  workspace: string
  containerId: string
  /** The proxy of the workspace, among others. */
  environment: Record<string, string | null>
  signal: AbortSignal
  onStep(detail: string): void
}

/**
 * Makes sure that the workspace has the dev container CLI, in the version that Berth ships, and a Node.js for it. Returns program and first
 * arguments. The CLI comes from this machine; only Node.js may need the network, if the image has none. Throws DEVCONTAINER_UNAVAILABLE if
 * it cannot be installed, CANCELLED, and errors of the engine.
 */
export async function installCli(engine: Pick<Engine, 'exec' | 'containers'>, options: InstallOptions): Promise<string[]> {
  const { workspace, containerId, environment, signal, onStep } = options
  const { version, files } = await readPackage()
  const folder = `${FOLDER}/${version}`
  const run = (user: string, script: string, timeoutMs: number) =>
    runCommand(engine.exec, {
      ...{ containerId, user, cwd: '/', environment, maxBytes: MAX_OUTPUT_BYTES, timeoutMs, signal },
      command: ['sh', '-c', script, 'sh', folder],
    })
  const check = async () => {
    const [node = 'none', there = 'no'] = (await run('workspace', CHECK, CHECK_TIMEOUT_MS)).stdout.trim().split('\n')
    return { node: majorOf(node), isThere: there === 'yes' }
  }

  let { node, isThere } = await check()
  if (node === null) {
    onStep('Installing Node.js')
    const { exitCode, stdout, stderr } = await run('root', INSTALL_NODE, INSTALL_TIMEOUT_MS)
    if (exitCode !== 0)
      throw noNode(workspace, exitCode === null ? 'its installation took too long' : 'it could not be installed', stdout + stderr)
    ;({ node, isThere } = await check())
  }
  if (node === null) throw noNode(workspace, 'it could not be installed', '')
  if (node < LEAST_NODE) throw oldNode(workspace, node)
  if (!isThere) {
    onStep('Copying the dev container CLI')
    await engine.containers.putFiles(
      containerId,
      files.map(({ path, content }): ContainerFile => ({ path: `${folder}/${path}`, content, mode: 0o644, uid: 0, gid: 0 })),
    )
  }
  return ['node', `${folder}/${FILES[0]}`]
}

let packageFiles: Awaited<ReturnType<typeof readPackageFiles>> | null = null

/** Reads the package of this installation of Berth, once. */
async function readPackage() {
  packageFiles ??= await readPackageFiles()
  return packageFiles
}

async function readPackageFiles() {
  const manifest = createRequire(import.meta.url).resolve('@devcontainers/cli/package.json')
  const root = join(manifest, '..')
  const files = await Promise.all(FILES.map(async (path) => ({ path, content: await readFile(join(root, path), 'utf8') })))
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  return { version, files }
}

function majorOf(version: string): number | null {
  const major = Number(version.trim().replace(/^v/, '').split('.')[0])
  return Number.isInteger(major) ? major : null
}

function noNode(workspace: string, reason: string, said: string): BerthError {
  const log = said
    .trim()
    .split('\n')
    .slice(-KEPT_LOG_LINES)
    .map((line) => line.slice(0, 1000))
  return new BerthError('DEVCONTAINER_UNAVAILABLE', `Dev containers need Node.js inside ${workspace}, and ${reason}.`, {
    ...{ workspace, reason, log },
    next: `Install Node.js ${LEAST_NODE} or later in the workspace: “berth exec ${workspace} --outside --user root -- apt-get install -y nodejs”. Berth’s full image includes it.`,
  })
}

function oldNode(workspace: string, major: number): BerthError {
  const reason = `its Node.js ${major} is too old`
  return new BerthError(
    'DEVCONTAINER_UNAVAILABLE',
    `Dev containers need Node.js ${LEAST_NODE} or later inside ${workspace}, and ${reason}.`,
    {
      ...{ workspace, reason, log: [] },
      next: `Install a newer Node.js in the workspace, or use an image that has one, such as Berth’s image for Debian 13.`,
    },
  )
}
