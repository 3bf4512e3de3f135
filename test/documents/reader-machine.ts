import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { SecondEngine } from '../support/second-engine'
import type { Command, Directives } from './page-blocks'

const CHECKOUT = resolve(import.meta.dirname, '../..')
const IMAGE = 'berth-base:latest'
/** Longer than anything in a page takes on a busy machine. */
const COMMAND_MS = 240_000

/** As pages show them. */
const SHOWN_HOME = '/home/ada'
const SHOWN_ENDPOINT = 'unix:///var/run/docker.sock'

/** What a reader of one page has: a home folder, a shell that keeps its variables and folder, and a Docker engine with nothing on it. */
export interface ReaderMachine {
  /**
   * What the command printed, stdout and stderr as they came, with paths as in pages. Throws with it when the exit code is another than
   * the page says, or after four minutes.
   */
  run(command: Command, directives: Directives): Promise<string>
  /** Ends the Berth of the page, and removes everything from its engine. */
  dispose(): Promise<void>
}

/** Its engine, another one whose address is `OTHER_ENGINE`, and where repositories are, in place of GitHub. */
export async function openReaderMachine(engine: SecondEngine, other: SecondEngine, repositories: string): Promise<ReaderMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-reader-'))
  const home = join(folder, 'home')
  const programs = join(folder, 'programs')
  const state = join(folder, 'state')
  await Promise.all([mkdir(join(home, 'work'), { recursive: true }), mkdir(programs)])
  await writeFile(join(home, '.gitconfig'), gitConfig(repositories))
  await writeFile(state, `cd ${home}/work\n`)
  // ssh looks for its files in the home folder that the system knows, whatever HOME says.
  const userConfig = join(home, '.ssh/config')
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  await writeFile(userConfig, '')
  await program('ssh', `exec /usr/bin/ssh -F ${userConfig} "$@"`)
  // No browser is opened.
  await program('xdg-open', 'exit 0')

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`)
    await chmod(join(programs, name), 0o755)
  }

  const env = {
    HOME: home,
    PATH: [programs, join(CHECKOUT, 'bin'), process.env.PATH].join(':'),
    LANG: 'C.UTF-8',
    USER: 'ada',
    TERM: 'xterm-256color',
    DOCKER_HOST: engine.endpoint,
    OTHER_ENGINE: other.endpoint,
    BERTH_IMAGE_TAG: IMAGE,
    BERTH_LOG_LEVEL: 'error',
  }

  async function run({ script }: Command, directives: Directives): Promise<string> {
    const output = await open(join(folder, 'output'), 'w+')
    try {
      const keep = `{ declare -px; printf 'cd %q\\n' "$PWD"; } >${state}`
      const shell = `source ${state}\nset -eo pipefail\ntrap ${quoted(keep)} EXIT\n${script}`
      // The engine's network is a namespace of its own: only from there are its ports in reach.
      const bash = ['bash', '--norc', '-c', shell]
      const onTerminal = ['script', '--quiet', '--return', '--flush', '--command', `bash --norc -c ${quoted(shell)}`, '/dev/null']
      const command = directives.input === undefined ? bash : onTerminal
      const child = spawn('nsenter', [`--target=${engine.pid()}`, '--net', 'setsid', '--wait', ...command], {
        cwd: home,
        env,
        stdio: ['pipe', output.fd, output.fd],
      })
      // One that asks for nothing has ended before it was typed.
      child.stdin?.on('error', () => undefined)
      child.stdin?.end(directives.input?.replaceAll('\\n', '\n').concat('\n') ?? '')
      const end = once(child, 'exit')
      const ctrlC = directives['ctrl-c after']
      const timer = setTimeout(
        () => process.kill(-(child.pid ?? 0), ctrlC === undefined ? 'SIGKILL' : 'SIGINT'),
        ctrlC === undefined ? COMMAND_MS : Number(ctrlC) * 1000,
      )
      const started = performance.now()
      const [code, signal] = await end
      clearTimeout(timer)
      const written = await readFile(join(folder, 'output'), 'utf8')
      const printed = written.replaceAll(home, SHOWN_HOME).replaceAll(engine.endpoint, SHOWN_ENDPOINT)
      if (ctrlC !== undefined) {
        if (performance.now() - started < Number(ctrlC) * 1000) throw new Error(`It ended by itself with ${code}:\n${script}\n${printed}`)
        return printed
      }
      if (code !== Number(directives['exit code'] ?? 0)) throw new Error(`Exit code ${code ?? signal}:\n${script}\n\n${printed}`)
      return printed
    } finally {
      await output.close()
    }
  }

  return {
    run,
    async dispose() {
      await run({ script: 'if [ -e ~/.config/berth/door.json ]; then berth quit; fi', output: null }, {})
      await Promise.all([engine, other].map(clear))
      await rm(folder, { recursive: true })
    },
  }
}

/** The reader's name, and a server in place of GitHub and others, for this machine and for workspaces. */
function gitConfig(repositories: string): string {
  return `[user]
	name = Ada
	email = ada@example.com
[init]
	defaultBranch = main
[url "${repositories}"]
	insteadOf = https://github.com/
[url "git://127.0.0.1/"]
	insteadOf = git@git.example.com:
`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Everything but the images that it began with. */
async function clear({ docker }: SecondEngine): Promise<void> {
  const containers = await docker.listContainers({ all: true })
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })))
  const { Volumes: volumes } = await docker.listVolumes()
  // A pool that a page has left is the engine's to take apart: it knows the loop device by the file.
  const removable = volumes.filter(({ Name }) => !Name.startsWith('berth-pool-'))
  await Promise.all(removable.map(({ Name }) => docker.getVolume(Name).remove()))
  await docker.pruneNetworks()
  const images = await docker.listImages()
  const left = images.filter(({ RepoTags: tags }) => !tags?.includes(IMAGE))
  // One may be below another.
  for (const { Id } of left.toSorted((one, other) => other.Created - one.Created)) await docker.getImage(Id).remove({ force: true })
}
