import { credentialOrigin } from '../../shared/credential-host'
import { isBerthError } from '../../shared/errors'
import { runHostGit } from './host-git'

const ANSWER_TIMEOUT_MS = 20_000
/** Many workspaces that start together ask once. */
const GOOD_FOR_MS = 10_000

interface Login {
  username: string
  password: string
}

/** What git on this machine says for one origin: its login, or why there is none. */
type Answer = { login: Login } | { problem: string }

/** Logins of the user's own git, for the hosts that the settings name and for no other. */
export interface HostLogins {
  /** By origin. None is kept beyond a few seconds: a helper may have a new token each time. */
  all(): Promise<Map<string, Answer>>
}

interface HostLoginsOptions {
  hosts(): readonly string[]
  /** Where git finds the user's configuration, and so the helper. */
  userHome: string
  now(): Date
  /** Tests only. */
  ask?: (origin: string, userHome: string) => Promise<Answer>
}

export function createHostLogins({ hosts, userHome, now, ask = askHostGit }: HostLoginsOptions): HostLogins {
  const known = new Map<string, { until: number; answer: Promise<Answer> }>()

  function answerFor(origin: string): Promise<Answer> {
    const found = known.get(origin)
    if (found !== undefined && found.until > now().getTime()) return found.answer
    const answer = ask(origin, userHome)
    known.set(origin, { until: now().getTime() + GOOD_FOR_MS, answer })
    return answer
  }

  return {
    async all() {
      // What is in the file by hand was not checked.
      const origins = new Set(hosts().flatMap((host) => credentialOrigin(host) ?? []))
      for (const origin of known.keys()) if (!origins.has(origin)) known.delete(origin)
      const answers = [...origins].map(async (origin) => [origin, await answerFor(origin)] as const)
      return new Map(await Promise.all(answers))
    },
  }
}

/** Without a terminal, a dialog or a browser: there may be nobody to see it. */
async function askHostGit(origin: string, userHome: string): Promise<Answer> {
  const { protocol, host } = new URL(origin)
  try {
    const { exitCode, stdout } = await runHostGit(userHome, ['credential', 'fill'], {
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      input: `protocol=${protocol.slice(0, -1)}\nhost=${host}\n\n`,
      environment: { HOME: userHome },
    })
    const login = exitCode === 0 ? parseLogin(stdout) : null
    return login ? { login } : { problem: 'git on this machine has no login for it. Log in with git once, then sync again.' }
  } catch (error) {
    if (isBerthError(error, 'GIT_UNAVAILABLE')) return { problem: `${error.message} ${error.data.next}` }
    if (!isBerthError(error, 'CANCELLED')) throw error
    return {
      problem: `git on this machine did not answer within ${ANSWER_TIMEOUT_MS / 1000} s. Check whether its credential helper is waiting for input.`,
    }
  }
}

function parseLogin(answer: string): Login | null {
  const fields = new Map(answer.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  const [username, password] = [fields.get('username'), fields.get('password')]
  return username && password ? { username, password } : null
}
