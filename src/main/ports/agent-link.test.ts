import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type ServerChannel } from 'ssh2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentLink, openAgentLink } from './agent-link'

/** What the shell inside does with the command and its word. */
type Inside = (channel: ServerChannel, word: string) => void

let folder: string
let inside: Inside
let server: ssh2.Server
let abort: AbortController
const hostKey = ssh2.utils.generateKeyPairSync('ed25519')
const ownKey = ssh2.utils.generateKeyPairSync('ed25519')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-link-'))
  await writeFile(join(folder, 'key'), ownKey.private)
  abort = new AbortController()
  server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on('error', () => undefined)
    client.on('authentication', (context) => (context.method === 'publickey' ? context.accept() : context.reject()))
    client.on('session', (accept) => {
      const session = accept()
      session.on('auth-agent', (acceptAgent) => acceptAgent())
      session.on('exec', (acceptExec, _reject, { command }) => inside(acceptExec(), command.slice(command.lastIndexOf(' ') + 1)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  abort.abort()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

function open(known = hostKey.public): Promise<AgentLink> {
  const { port } = server.address() as AddressInfo
  return openAgentLink(
    {
      workspace: 'demo',
      agentSocket: join(folder, 'agent'),
      privateKeyPath: join(folder, 'key'),
      server: async () => ({ addresses: [{ host: '127.0.0.1', port }], hostKeys: [known] }),
    },
    abort.signal,
  )
}

describe('a link to the agent', () => {
  it('is there when its word has come, among what shells print, and until it is ended', async () => {
    inside = (channel, word) => channel.write(`welcome\n${word.slice(1)} linked\n\n${word} linked\n`)
    const { closed } = await open()
    abort.abort()
    await closed
  })

  it('is over when what keeps it inside has ended', async () => {
    inside = (channel, word) => {
      channel.write(`\n${word} linked\n`)
      channel.exit(0)
      channel.end()
    }
    await (await open()).closed
  })

  it('is over when too much is printed beside it', async () => {
    inside = (channel, word) => {
      channel.write(`\n${word} linked\n`)
      setTimeout(() => channel.write('x'.repeat(100_000)), 50)
    }
    await (await open()).closed
  })

  it('says why it cannot be made', async () => {
    inside = (channel, word) => channel.write(`\n${word} no-folder\n`)
    await expect(open()).rejects.toMatchObject({
      code: 'AGENT_UNAVAILABLE',
      data: { workspace: 'demo', reason: expect.stringContaining('older Berth') },
    })
    inside = (channel, word) => channel.write(`\n${word} \u001b[31mevil\n`)
    await expect(open()).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE', data: { reason: 'its answer cannot be read' } })
    inside = (channel) => channel.write('x'.repeat(100_000))
    await expect(open()).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE', data: { reason: 'the connection was closed' } })
  })

  it('is not made to a server with another host key', async () => {
    await expect(open(ownKey.public)).rejects.toMatchObject({ code: 'AGENT_UNAVAILABLE' })
  })
})
