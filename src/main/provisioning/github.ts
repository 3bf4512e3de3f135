import type { Dispatcher, Response } from 'undici'
import { z } from 'zod'
import { BerthError } from '../../shared/errors'
import { log } from '../log'

const ANSWER_TIMEOUT_MS = 15_000

/** Where GitHub is. Tests have one of their own. */
export interface GithubAddress {
  /** Of the REST API. */
  api: string
  /** Of the repositories. */
  web: string
}

export const GITHUB: GithubAddress = { api: 'https://api.github.com', web: 'https://github.com' }

/** What GitHub says of repositories, asked with the token of the settings if there is one. */
export interface Github {
  /**
   * Throws GITHUB_NOT_FOUND, GITHUB_ACCESS_DENIED (a token that is refused, or too many requests), GITHUB_UNREACHABLE. The owner and the name
   * are as GitHub writes them: a repository that has moved is found at its former place.
   */
  repository(owner: string, repo: string, signal: AbortSignal): Promise<{ owner: string; repo: string; url: string }>
}

interface GithubOptions {
  address: GithubAddress
  token(): string | null
}

const repositorySchema = z.object({ name: z.string().min(1).max(200), owner: z.object({ login: z.string().min(1).max(200) }) })

export function createGithub({ address, token }: GithubOptions): Github {
  let dispatcher: Dispatcher | undefined

  async function ask(path: string, wanted: string, signal: AbortSignal): Promise<unknown> {
    const given = token()
    let response: Response
    try {
      // Node’s own fetch knows nothing of HTTPS_PROXY. Loaded when it is needed: it takes a while.
      const { EnvHttpProxyAgent, fetch } = await import('undici')
      dispatcher ??= new EnvHttpProxyAgent()
      response = await fetch(`${address.api}${path}`, {
        dispatcher,
        headers: {
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          'user-agent': 'Berth',
          ...(given === null ? {} : { authorization: `Bearer ${given}` }),
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      })
      if (response.ok) return await response.json()
      await response.body?.cancel()
    } catch (error) {
      signal.throwIfAborted()
      throw unreachable(address, reasonOf(error))
    }
    log.info({ status: response.status, path }, 'GitHub has refused')
    throw refusalOf(response, wanted, given !== null, address)
  }

  return {
    async repository(owner, repo, signal) {
      const answer = repositorySchema.safeParse(
        await ask(`/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`, `${owner}/${repo}`, signal),
      )
      if (!answer.success) throw unreachable(address, 'the answer does not come from GitHub')
      const { name, owner: found } = answer.data
      return { owner: found.login, repo: name, url: `${address.web}/${encodeURIComponent(found.login)}/${encodeURIComponent(name)}.git` }
    },
  }
}

function refusalOf(response: Response, repository: string, hadToken: boolean, address: GithubAddress): BerthError {
  const { status, headers } = response
  if (status === 404) return notFound(repository, hadToken)
  if (status === 401) return denied(repository, 'token-refused', hadToken, 'GitHub refused the token: it is wrong, expired or revoked.')
  const isLimited = status === 429 || headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after')
  if (isLimited) return denied(repository, 'rate-limited', hadToken, `GitHub’s rate limit is reached${until(headers)}.`)
  if (status === 403 || status === 451) return denied(repository, 'forbidden', hadToken, `GitHub denied access to ${repository}.`)
  return unreachable(address, `it answered with status ${status}`)
}

/** GitHub says when it takes requests again, in seconds since 1970. */
function until(headers: Response['headers']): string {
  const reset = new Date(Number(headers.get('x-ratelimit-reset')) * 1000)
  return reset.getTime() > 0 ? `, until ${reset.toISOString()}` : ''
}

const NEXT = {
  'token-refused': 'Set a new token: berth settings set githubToken "$(gh auth token)", or in Settings → Credentials.',
  'rate-limited': {
    token: 'Try again later.',
    none: 'Set a token (berth settings set githubToken) for a higher limit, or try again later.',
  },
  forbidden: {
    token: 'Give the token access to the repository. For an organization with single sign-on, also authorize the token there.',
    none: 'Set a token with access to it: berth settings set githubToken "$(gh auth token)".',
  },
} as const

function denied(repository: string, reason: keyof typeof NEXT, hadToken: boolean, message: string): BerthError<'GITHUB_ACCESS_DENIED'> {
  const next = NEXT[reason]
  return new BerthError('GITHUB_ACCESS_DENIED', message, {
    repository,
    reason,
    next: typeof next === 'string' ? next : hadToken ? next.token : next.none,
  })
}

/** GitHub does not tell a repository that one may not see from one that does not exist. */
function notFound(repository: string, hadToken: boolean): BerthError<'GITHUB_NOT_FOUND'> {
  const message = hadToken
    ? `GitHub has no repository ${repository}, or your token has no access to it.`
    : `GitHub has no public repository ${repository}.`
  return new BerthError('GITHUB_NOT_FOUND', message, {
    repository,
    tokenGiven: hadToken,
    next: hadToken
      ? 'Check the name. For a private repository, the token needs access to it.'
      : 'Check the name. For a private repository, set a token: berth settings set githubToken "$(gh auth token)".',
  })
}

function unreachable({ api }: GithubAddress, reason: string): BerthError<'GITHUB_UNREACHABLE'> {
  return new BerthError('GITHUB_UNREACHABLE', `GitHub is unreachable (${api}): ${reason}.`, {
    reason,
    next: 'Check the network and the proxy (HTTPS_PROXY) of this machine, then try again.',
  })
}

/** fetch has the cause behind the words “fetch failed”. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`
  return error.cause instanceof Error ? error.cause.message : error.message
}
