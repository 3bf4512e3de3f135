import { nanoid } from 'nanoid'
import ssh2, { type BaseAgent, type Client, type ClientChannel } from 'ssh2'
import { BerthError, isBerthError } from '../../shared/errors'
import { openSshClient, type SshClientOptions } from './ssh-client'

/** Where programs in a workspace find the agent, as long as it is forwarded. The entrypoint makes the folder. */
export const AGENT_SOCKET = '/run/berth/agent/socket'

/** A forwarded agent that can be used inside. */
export interface AgentLink {
  /** Resolves when it no longer can be. Never rejects. */
  closed: Promise<void>
}

interface AgentLinkOptions extends SshClientOptions {
  /** For messages. */
  workspace: string
  /** Of the agent on this machine. */
  agentSocket: string
}

const OPEN_TIMEOUT_MS = 15_000
/** Programs inside that use the agent at the same time; each has a connection to it. */
const MOST_CONNECTIONS = 64
/** What shells inside may print at their start before it is too much. */
const MOST_OUTPUT_BYTES = 64 * 1024

/**
 * Runs inside, with the agent forwarded, while its input is open. sshd creates a new socket for each connection, so this links it to the
 * one place that programs know. `$1` is a random word that marks its answer among the output of shells. A later link is not removed.
 */
const KEEP_LINK = `
link=${AGENT_SOCKET}
answer() { printf "\\n%s %s\\n" "$1" "$2"; }
[ -w "\${link%/*}" ] || { answer "$1" no-folder; exit; }
[ -S "$SSH_AUTH_SOCK" ] || { answer "$1" no-socket; exit; }
ln -s "$SSH_AUTH_SOCK" "$link.$1" && mv -fT "$link.$1" "$link" || { answer "$1" no-link; exit; }
answer "$1" linked
cat >/dev/null
[ "$(readlink "$link")" != "$SSH_AUTH_SOCK" ] || rm -f "$link"
`

/** What the answers of `KEEP_LINK` but “linked” mean. */
const REASONS = new Map([
  ['no-folder', 'it was started by an older Berth; restart it'],
  ['no-socket', 'its ssh server does not forward an agent'],
  ['no-link', 'the link to the agent could not be created'],
])

/**
 * Forwards the agent of this machine into a workspace, to `AGENT_SOCKET`, by a connection of its own to the ssh server there, until the signal ends it.
 * Throws AGENT_UNAVAILABLE.
 */
export async function openAgentLink(options: AgentLinkOptions, signal: AbortSignal): Promise<AgentLink> {
  const closed = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  const onClose = () => {
    closed.resolve()
    ended.reject(unavailable(options.workspace, 'the connection was closed'))
  }
  const deadline = setTimeout(() => ended.reject(unavailable(options.workspace, 'its ssh server does not answer')), OPEN_TIMEOUT_MS)
  const opening = openSshClient(options, { agent: boundedAgent(options.agentSocket), onClose })
  try {
    const client = await Promise.race([opening, ended.promise])
    signal.addEventListener('abort', () => client.end())
    signal.throwIfAborted()
    await Promise.race([keepLink(client, options.workspace), ended.promise])
    return { closed: closed.promise }
  } catch (error) {
    opening.then(
      (client) => client.destroy(),
      // That is what is thrown here.
      () => undefined,
    )
    throw toUnavailable(options.workspace, error)
  } finally {
    clearTimeout(deadline)
  }
}

function boundedAgent(socketPath: string): BaseAgent {
  const agent = new ssh2.OpenSSHAgent(socketPath)
  const open = agent.getStream.bind(agent)
  let connections = 0
  agent.getStream = (callback) => {
    if (connections >= MOST_CONNECTIONS) {
      callback(new Error('too many programs use the agent'))
      return
    }
    connections++
    open((error, stream) => {
      if (error || !stream) connections--
      else stream.once('close', () => connections--)
      callback(error, stream)
    })
  }
  return agent
}

/** Resolves when the link is there; ends the connection when what keeps it has ended, or prints too much. */
async function keepLink(client: Client, workspace: string): Promise<void> {
  const word = nanoid()
  const channel = await startInside(client, `exec sh -c '${KEEP_LINK}' sh ${word}`)
  const answer = await new Promise<string>((resolve) => {
    let said = ''
    let byteCount = 0
    const take = (chunk: Buffer) => {
      byteCount += chunk.length
      if (byteCount > MOST_OUTPUT_BYTES) client.destroy()
      else said += chunk.toString('latin1')
      const [, ending = ''] = said.split(`\n${word} `)
      if (ending.includes('\n')) resolve(ending.slice(0, ending.indexOf('\n')))
    }
    channel.on('data', take)
    channel.stderr.on('data', take)
    channel.on('close', () => client.end())
  })
  if (answer !== 'linked') throw unavailable(workspace, REASONS.get(answer) ?? 'its answer cannot be read')
}

function startInside(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)))
  })
}

/** Turns whatever prevented the link into the reported error. */
export function toUnavailable(workspace: string, error: unknown): BerthError {
  return isBerthError(error) ? error : unavailable(workspace, error instanceof Error ? error.message : String(error), error)
}

export function unavailable(workspace: string, reason: string, cause?: unknown): BerthError {
  return new BerthError(
    'AGENT_UNAVAILABLE',
    `The ssh agent is unavailable in ${workspace}: ${reason}.`,
    { workspace, reason, next: 'Everything that needs no key works without it. To turn it off, set sshAgent to “off”.' },
    { cause },
  )
}
