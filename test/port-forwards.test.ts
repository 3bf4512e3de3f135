import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PortForward, WorkspacePorts } from '../src/shared/port-forward'
import { isSamePort, type PortTarget } from '../src/shared/port-target'
import { type EngineProxy, startEngineProxy } from './support/engine-proxy'
import { connected, createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

/** A web server in what every image has: answers `/` with a word of its own, and a path with that file. */
const SERVER = `
use Socket; my ($address, $port, $word) = @ARGV; $SIG{CHLD} = "IGNORE";
socket(my $server, PF_INET, SOCK_STREAM, 0); setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in($port, inet_aton($address))) or die; listen($server, 50);
while (accept(my $client, $server)) {
  next if fork;
  my $request = ""; $request .= $_ while sysread($client, $_, 4096) && $request !~ /\\r\\n\\r\\n/ && ($request . $_) !~ /\\r\\n\\r\\n/;
  my ($path) = ($request . ($_ // "")) =~ /^GET (\\S+)/;
  syswrite($client, "HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\n");
  if ($path eq "/") { syswrite($client, $word) } else { open(my $file, "<", $path); while (sysread($file, my $part, 65536)) { syswrite($client, $part) } }
  exit;
}`

describe('ports of a workspace', () => {
  let test: TestCore
  const name = uniqueName('ports')
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, name, `cat >/tmp/server.pl <<'END'\n${SERVER}\nEND`)
  })
  afterAll(() => test.dispose())

  const id = () => test.core.workspaces.get(name).id
  const ports = () => test.core.forwards.list(id())
  const own = (port: number): PortTarget => ({ port, container: null })

  /** Resolves once the ports are as wanted; the timeout of the test is the limit. */
  async function until(wanted: (ports: WorkspacePorts) => boolean): Promise<void> {
    while (!wanted(ports())) {
      await new Promise<void>((resolve) => {
        const end = test.core.events.subscribe((event) => {
          if (event.type !== 'ports') return
          end()
          resolve()
        })
      })
    }
  }
  const listens = (target: PortTarget) => until(({ listeners }) => listeners?.some((listener) => isSamePort(listener, target)) ?? false)
  const isGone = (target: PortTarget) => until(({ listeners }) => !listeners?.some((listener) => isSamePort(listener, target)))
  const serve = (port: number, { address = '127.0.0.1', word = 'hello' } = {}) =>
    inside(test.core, name, `setsid -f perl /tmp/server.pl ${address} ${port} ${word} >/dev/null 2>&1`)
  const endServer = (port: number) => inside(test.core, name, `pkill -f '[s]erver.pl [0-9.]* ${port} '`)
  const read = async ({ localPort }: PortForward, path = '/') => (await fetch(`http://127.0.0.1:${localPort}${path}`)).text()
  const forwardOf = (port: number) => ports().forwards.find((forward) => forward.port === port)

  it('a program that begins to listen is seen with its name, and seen to end', async () => {
    await serve(8101)
    await listens(own(8101))
    expect(ports().listeners).toContainEqual({ port: 8101, host: '127.0.0.1', process: 'perl', container: null, publishedBy: null })
    expect(
      ports().listeners?.map(({ port }) => port),
      'what is Berth’s own is not told',
    ).not.toContain(22)
    await endServer(8101)
    await isGone(own(8101))
  })

  it('a port is forwarded, carries every byte, and moves where it is taken on this machine', async () => {
    await serve(8102)
    const squatter = await occupyAny()
    const wanted = portOf(squatter)
    const { forward, notice } = await test.core.forwards.add(id(), { ...own(8102), localPort: wanted })
    squatter.close()
    expect(forward).toMatchObject({ status: 'open', wantedLocalPort: wanted, kind: 'kept' })
    expect(forward.localPort).not.toBe(wanted)
    expect(notice).toContain(String(forward.localPort))
    expect(await read(forward)).toBe('hello')

    await inside(test.core, name, 'head -c 50000000 /dev/urandom >/tmp/bytes')
    const there = (await inside(test.core, name, 'sha256sum /tmp/bytes')).split(' ')[0]
    const bytes = await Promise.all([1, 2].map(async () => (await fetch(`http://127.0.0.1:${forward.localPort}/tmp/bytes`)).arrayBuffer()))
    for (const body of bytes) expect(createHash('sha256').update(new Uint8Array(body)).digest('hex')).toBe(there)

    await test.core.forwards.remove(id(), own(8102))
    await expect(read(forward)).rejects.toThrow()
    await expect(test.core.forwards.remove(id(), own(8102))).rejects.toMatchObject({ code: 'PORT_NOT_FORWARDED' })
    await endServer(8102)
  })

  it('nothing that listens ends the connection, and the forward stays', async () => {
    const { forward } = await test.core.forwards.add(id(), own(8103))
    await expect(read(forward)).rejects.toThrow()
    await serve(8103)
    await listens(own(8103))
    expect(await read(forward)).toBe('hello')
    await test.core.forwards.remove(id(), own(8103))
    await endServer(8103)
  })

  it('what listens in a nested container is seen, published or not, and reached', async () => {
    const image = `tar -ch -C / bin/sh usr/bin/perl usr/lib/x86_64-linux-gnu/perl-base tmp/server.pl \\
      $(ldd /usr/bin/perl | grep -o "/[^ ]*") 2>/dev/null | docker import - web:1`
    await inside(test.core, name, image)
    const run = (more: string) =>
      inside(test.core, name, `docker run -d --init ${more} web:1 /usr/bin/perl /tmp/server.pl 0.0.0.0 80 nested`)
    await run('--name published -p 8104:80')
    await run('--name hidden')
    await listens({ port: 80, container: 'hidden' })
    await listens(own(8104))
    expect(ports().listeners).toContainEqual({ port: 8104, host: '127.0.0.1', process: 'perl', container: null, publishedBy: 'published' })
    expect(ports().listeners?.filter(({ port }) => port === 80)).toHaveLength(1)
    const { forward: published } = await test.core.forwards.add(id(), own(8104))
    expect(await read(published)).toBe('nested')
    const { forward: hidden } = await test.core.forwards.add(id(), { port: 80, container: 'hidden', localPort: 8180 })
    expect(await read(hidden)).toBe('nested')
    await test.core.forwards.remove(id(), own(8104))
    await test.core.forwards.remove(id(), { port: 80, container: 'hidden' })
    await inside(test.core, name, 'docker rm -f published hidden')
  })

  it('a forward waits while the workspace is stopped, and is there again after a start and after a restart of Berth', async () => {
    const { forward } = await test.core.forwards.add(id(), own(8105))
    await done(test.core, test.core.workspaces.stop(name))
    expect(forwardOf(8105)).toMatchObject({ status: 'waiting', problem: null })
    expect(ports().listeners).toBeNull()
    await expect(read(forward)).rejects.toThrow()

    await done(test.core, test.core.workspaces.start({ name }))
    await until(() => forwardOf(8105)?.status === 'open')
    await inside(test.core, name, `cat >/tmp/server.pl <<'END'\n${SERVER}\nEND`)
    await serve(8105)
    await listens(own(8105))
    expect(await read(forwardOf(8105) ?? forward)).toBe('hello')

    await test.core.close()
    await test.open()
    await until(() => forwardOf(8105)?.status === 'open')
    await listens(own(8105))
    expect(await read(forwardOf(8105) ?? forward)).toBe('hello')
    await until(({ listeners }) => listeners !== null)
    expect(await inside(test.core, name, 'pgrep -c port-watch'), 'the watcher of the Berth before has ended').toBe('1')
    await test.core.forwards.remove(id(), own(8105))
    await endServer(8105)
  })

  it('a proxy lasts as long as it is used, next to a forward that is kept', async () => {
    await serve(8106)
    await listens(own(8106))
    const { forward: kept } = await test.core.forwards.add(id(), own(8106))
    const wanted = new AbortController()
    const proxy = test.core.forwards.proxy(id(), [{ port: 8106 }], wanted.signal)
    const lent = (await proxy.next()).value?.[0].forward
    expect(lent).toMatchObject({ status: 'open', kind: 'temporary' })
    expect(await read(lent)).toBe('hello')
    wanted.abort()
    await proxy.next()
    await expect(read(lent)).rejects.toThrow()
    expect(await read(kept)).toBe('hello')
    await test.core.forwards.remove(id(), own(8106))
    await endServer(8106)
  })

  it('with the setting, listening ports are forwarded automatically while they listen', async () => {
    test.core.settings.update({ forwardPorts: 'auto' })
    await serve(8107)
    await until(() => forwardOf(8107)?.status === 'open')
    const forward = forwardOf(8107)
    expect(forward?.kind).toBe('automatic')
    if (forward) expect(await read(forward)).toBe('hello')
    await endServer(8107)
    await until(() => forwardOf(8107) === undefined)
  })
})

describe('ports of a workspace whose engine goes away for a while', () => {
  let test: TestCore
  let proxy: EngineProxy
  const name = uniqueName('watch')
  beforeAll(async () => {
    proxy = await startEngineProxy()
    test = await createTestCore({ engineEndpoint: proxy.endpoint })
    await test.core.local.engine.reconnect()
    await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, name, `cat >/tmp/server.pl <<'END'\n${SERVER}\nEND`)
  })
  afterAll(async () => {
    await test.dispose()
    await proxy.close()
  })

  it('are seen again when it is back, with what began to listen meanwhile', async () => {
    const seen = () => test.core.forwards.list(test.core.workspaces.get(name).id).listeners?.map(({ port }) => port)
    await inside(test.core, name, 'setsid -f perl /tmp/server.pl 127.0.0.1 8121 hello >/dev/null 2>&1')
    await expect.poll(seen, { timeout: 10_000 }).toContain(8121)
    const begin = (delay: number, port: number) =>
      inside(test.core, name, `setsid -f sh -c 'sleep ${delay}; exec perl /tmp/server.pl 127.0.0.1 ${port} hello' >/dev/null 2>&1`)
    await begin(2, 8122)
    await begin(9, 8123)
    proxy.cut()
    await expect.poll(() => test.core.local.engine.state().status).toBe('unreachable')
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await proxy.restore()
    await connected(test.core)
    await expect.poll(seen, { timeout: 20_000 }).toEqual(expect.arrayContaining([8121, 8122, 8123]))
    expect(await inside(test.core, name, 'pgrep -c port-watch'), 'the watcher before has ended').toBe('1')
  })
})

async function occupyAny(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}
