import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { readHostKeys } from '../src/main/engine/host-keys'
import { createTestCore, done, inside, uniqueName } from '../test/support/test-core'
import { median, table, timed } from './support/measure'

/**
 * How fast bytes come through a forward: from a program in a workspace to this machine, through Berth and through `ssh -L` with
 * the same key to the same workspace, in turns in one run. And how soon a program that begins to listen is known.
 */
const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 5
const megabytes = quick ? 256 : 1024
const PORT = 8201

/** Writes that many megabytes to whoever connects. */
const SERVER = `
use Socket; $SIG{PIPE} = "IGNORE"; socket(my $server, PF_INET, SOCK_STREAM, 0); setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1); my $part = "x" x 1048576;
bind($server, sockaddr_in(${PORT}, inet_aton("127.0.0.1"))); listen($server, 5);
while (accept(my $client, $server)) {
  CLIENT: for (1..${megabytes}) { my $from = 0; while ($from < length $part) { $from += syswrite($client, $part, length($part) - $from, $from) // last CLIENT } }
  close $client;
}`

const test = await createTestCore()
const { core } = test
const name = uniqueName('bench')
await done(core, core.workspaces.start({ name }))
const { id, ports, containerId } = core.workspaces.get(name)
const known = join(test.home, 'known_hosts')
const hostKeys = await readHostKeys(core.local.engine, containerId ?? '')
await writeFile(known, hostKeys.map((key) => `[127.0.0.1]:${ports.ssh} ${key}\n`).join(''))

const seen = new Promise<number>((resolve) => {
  const end = core.events.subscribe((event) => {
    if (event.type !== 'ports' || !event.ports.listeners?.some(({ port }) => port === PORT)) return
    end()
    resolve(performance.now())
  })
})
await inside(core, name, `setsid -f perl -e '${SERVER}' >/dev/null 2>&1`)
const begun = performance.now()
const discovery = (await seen) - begun

const free = createServer().listen(0, '127.0.0.1')
await once(free, 'listening')
const address = free.address()
const sshPort = address !== null && typeof address === 'object' ? address.port : 0
free.close()
const ssh = spawn(
  'ssh',
  [
    ...['-N', '-L', `127.0.0.1:${sshPort}:127.0.0.1:${PORT}`, '-p', String(ports.ssh), '-i', core.info.sshKeyPath],
    ...['-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes', 'workspace@127.0.0.1'],
  ],
  { stdio: 'inherit' },
)
await once(ssh, 'spawn')
for (let tries = 0; !(await answers(sshPort)) && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 100))
const { forward } = await core.forwards.add(id, { port: PORT, container: null })

const results = { ssh: [] as number[], berth: [] as number[] }
for (let round = 0; round < rounds; round++) {
  results.ssh.push(megabytes / ((await timed(() => drain(sshPort))) / 1000))
  results.berth.push(megabytes / ((await timed(() => drain(forward.localPort))) / 1000))
}
ssh.kill()
const [peer, own] = [median(results.ssh), median(results.berth)]
console.log(`${megabytes} MB from a program in a workspace to this machine; medians of ${rounds} rounds, in turns.\n`)
console.log(
  table(['', 'ssh -L', 'Berth', 'ratio'], [['throughput', `${peer.toFixed(0)} MB/s`, `${own.toFixed(0)} MB/s`, (own / peer).toFixed(2)]]),
)
console.log(`\nA program that begins to listen was known after ${discovery.toFixed(0)} ms (once).`)
await test.dispose()

/** In a process of its own: what reads must not slow down what carries. */
async function drain(port: number): Promise<void> {
  const count =
    'let n = 0; require("net").connect(+process.argv[1], "127.0.0.1").on("data", (d) => { n += d.length }).on("end", () => console.log(n))'
  const reader = spawn(process.execPath, ['-e', count, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [bytes] = await Promise.all([once(reader.stdout, 'data'), once(reader, 'exit')])
  if (Number(bytes) !== megabytes * 1_048_576) throw new Error(`${bytes} bytes came of ${megabytes} MB`)
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const [event] = await Promise.race([once(socket, 'connect').then(() => ['connect']), once(socket, 'error').then(() => ['error'])]).catch(
    () => ['error'],
  )
  socket.destroy()
  return event === 'connect'
}
