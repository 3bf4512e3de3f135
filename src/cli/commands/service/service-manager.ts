import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { userInfo } from 'node:os'
import { CliError } from '../../cli-error'
import { isNodeError } from '../../connection/door'
import type { CliContext } from '../../context'
import { oneLine } from '../../output/format/plain-text'
import { AGENT, type ServiceManager, UNIT } from './service-file'

/** How long a service manager may take for one thing. It waits for a Berth that ends. */
const DEADLINE_MILLISECONDS = 60_000

/** What the service manager of this user is told. Each throws SERVICE_UNAVAILABLE when it does not answer, or refuses. */
export interface ManagedService {
  /** Fails early, before anything is written. */
  check(): Promise<void>
  /** After the file was written: known from now on, and started at each login. */
  enable(): Promise<void>
  start(): Promise<void>
  /** Stopped, and not started again. */
  disable(): Promise<void>
  /** After the file is gone. */
  forget(): Promise<void>
  isRunning(): Promise<boolean>
  /** What a person types to start and to restart it. */
  commands: { start: string; restart: string; log: string }
}

/** Which one this system has. Throws SERVICE_UNAVAILABLE where Berth knows none. */
export function serviceManagerOf({ platform }: Pick<CliContext, 'platform'>): ServiceManager {
  if (platform === 'linux') return 'systemd'
  if (platform === 'darwin') return 'launchd'
  throw new CliError('SERVICE_UNAVAILABLE', 'Berth can be a service with systemd and launchd only, on Linux and macOS.', {
    next: 'Start “berth serve” with a service manager of this system.',
  })
}

export function managedService(context: CliContext, manager: ServiceManager, file: string): ManagedService {
  return manager === 'systemd' ? systemd(context) : launchd(context, file)
}

function systemd(context: CliContext): ManagedService {
  const systemctl = (...args: string[]) => run(context, 'systemctl', ['--user', ...args])
  const demand = async (...args: string[]) => {
    const { code, said } = await systemctl(...args)
    if (code !== 0) throw refused(`systemctl --user ${args.join(' ')}`, said, '“journalctl --user --unit berth” may say more.')
  }
  return {
    async check() {
      const { code, said } = await systemctl('show-environment')
      if (code !== 0) throw unreachable(said)
    },
    async enable() {
      await demand('daemon-reload')
      await demand('enable', UNIT)
    },
    start: () => demand('start', UNIT),
    disable: () => demand('disable', '--now', UNIT),
    forget: () => demand('daemon-reload'),
    isRunning: async () => (await systemctl('is-active', '--quiet', UNIT)).code === 0,
    commands: {
      start: 'systemctl --user start berth',
      restart: 'systemctl --user restart berth',
      log: 'journalctl --user --unit berth',
    },
  }
}

function launchd(context: CliContext, file: string): ManagedService {
  const domain = `gui/${userInfo().uid}`
  const service = `${domain}/${AGENT}`
  const launchctl = (...args: string[]) => run(context, 'launchctl', args)
  const isKnown = async () => (await launchctl('print', service)).code === 0
  const demand = async (...args: string[]) => {
    const { code, said } = await launchctl(...args)
    if (code !== 0) throw refused(`launchctl ${args.join(' ')}`, said, 'Log in at this machine with a window, then try again.')
  }
  return {
    check: () => demand('print', domain),
    // What is in LaunchAgents is started at each login.
    async enable() {
      if (await isKnown()) await demand('bootout', service)
    },
    start: () => demand('bootstrap', domain, file),
    async disable() {
      if (await isKnown()) await demand('bootout', service)
    },
    forget: async () => undefined,
    isRunning: async () => {
      const { code, said } = await launchctl('print', service)
      return code === 0 && said.split('\n').some((line) => line.trim() === 'state = running')
    },
    commands: {
      start: `launchctl bootstrap ${domain} ${file}`,
      restart: `launchctl kickstart -k ${service}`,
      log: 'berth.log in BERTH_HOME',
    },
  }
}

function unreachable(said: string): CliError {
  const { username, uid } = userInfo()
  return new CliError(
    'SERVICE_UNAVAILABLE',
    `systemd does not answer for the user ${username}${said === '' ? '' : `: ${oneLine(said)}`}.`,
    {
      next: `Log in as ${username} by ssh or at the machine instead of by su or sudo, or set XDG_RUNTIME_DIR=/run/user/${uid} after “loginctl enable-linger ${username}”. “berth service install --print” prints the unit, for another service manager.`,
    },
  )
}

function refused(command: string, said: string, next: string): CliError {
  return new CliError('SERVICE_UNAVAILABLE', `“${command}” failed${said === '' ? '' : `: ${oneLine(said)}`}.`, { next })
}

async function run(context: CliContext, program: string, args: string[]): Promise<{ code: number; said: string }> {
  const child = spawn(program, args, {
    env: context.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MILLISECONDS,
    killSignal: 'SIGKILL',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code: code ?? 1, said: code === null ? `no answer within ${DEADLINE_MILLISECONDS / 1000} seconds` : said.trim() }
  } catch (error) {
    if (!isNodeError(error)) throw error
    if (error.code !== 'ENOENT') throw refused(program, error.message, 'Try again.')
    throw new CliError('SERVICE_UNAVAILABLE', `${program} is not installed here.`, {
      next: 'Start “berth serve” with the service manager of this system; “berth service install --print” shows what a unit of systemd would say.',
      cause: error,
    })
  }
}
