import { join } from 'node:path'
import { Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pack } from 'tar-stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEngine, type Engine } from '../src/main/engine/engine'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { sendImage } from '../src/main/storage/between-engines/send-image'
import { createVolumeStream, type VolumeStream } from '../src/main/storage/between-engines/volume-stream'
import { docker26Obstacle, startDocker26 } from './support/docker-26'
import { longIt } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { connectEngine } from './support/test-container'
import { docker, uniqueName } from './support/test-core'
import { differences, inVolumes } from './support/volume-tree'

const MB = 1_000_000
/** An engine that is lost is noticed, and all is ended, within that time. */
const LOST_MS = 15_000

/** Everything that a home folder, or a nested engine's /var/lib/docker, may have in it. */
const MAKE_ALL_KINDS = `
set -e; cd /a
mkdir -p docs/deep/er empty 'name with
line end' sticky overlay2; chmod 1777 sticky; chmod 2750 docs; chown 1000:1001 docs
head -c 300000 /dev/urandom >docs/random; echo hello >docs/deep/er/text; : >nothing; printf x >'odd  name *?'; echo ⚓ >'⚓️ 🚢'; echo - >-rf; echo n >'line end
'
ln docs/random hard; ln docs/random docs/deep/hard-too; ln -s docs/random soft; ln -s /nowhere/at/all dangling; ln -s loop loop; chown -h 1000:1000 soft
truncate -s 60M holes; printf start | dd of=holes conv=notrunc status=none; printf end | dd of=holes bs=1 seek=50000000 conv=notrunc status=none
mkfifo pipe; mknod whiteout c 0 0; mknod block b 7 200; mknod tty c 5 0; chmod 640 tty; mknod overlay2/backingFsBlockDev b 8 1
perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/a/socket")) or die'
printf '#!/bin/sh\\n' >suid; chown 1000:1000 docs/deep/er/text suid; chmod 4711 suid
perl -e '
  sub set { my ($path, $name, $value) = @_; syscall(188, $path, $name, $value, length $value, 0) == 0 or die "$path $name: $!" }
  set("/a/docs", "trusted.overlay.opaque", "y"); set("/a/docs/random", "user.note", "a" x 900); set("/a/hard", "user.empty", "");
  set("/a/sticky", "trusted.overlay.redirect", "/else\\0where"); set("/a/suid", "security.capability", pack("VVVVV", 0x02000001, 0x400, 0, 0, 0));
  set("/a/docs/deep", "system.posix_acl_access", pack("V(vvV)5", 2, 1,7,0xffffffff, 2,5,1005, 4,5,0xffffffff, 16,5,0xffffffff, 32,0,0xffffffff));
  set("/a/docs/deep", "system.posix_acl_default", pack("V(vvV)5", 2, 1,7,0xffffffff, 2,6,1006, 4,5,0xffffffff, 16,7,0xffffffff, 32,4,0xffffffff));
'
touch -d '2001-02-03 04:05:06.123456789' docs/deep/er/text docs empty; touch -hd '1999-12-31 23:59:59.987654321' soft pipe whiteout
chown 1000:1000 .; chmod 2755 .; touch -d '2002-03-04 05:06:07.000000008' .
`

async function connectTo(endpoint: string): Promise<Engine> {
  const engine = createEngine({
    address: () => ({ url: endpoint }),
    surroundings: { environment: {}, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
    label: 'dev.berth.test',
  })
  engine.start({ onState: () => undefined, onContainerEvent: () => undefined })
  await isConnected(engine)
  return engine
}

const isConnected = (engine: Engine) => vi.waitFor(() => engine.assertConnected(), 20_000)

describe.skipIf(process.getuid?.() !== 0)('a volume that is copied to another engine', () => {
  const owner = uniqueName('between')
  const labels = { 'dev.berth.test': owner }
  let second: SecondEngine
  let from: Engine
  let to: Engine
  let stream: VolumeStream
  const made: string[] = []
  beforeAll(async () => {
    second = await startSecondEngine({ diskBytes: 2400 * MB, image: LOCAL_IMAGE })
    from = await connectEngine()
    to = await connectTo(second.endpoint)
    stream = createVolumeStream({ engine: from, image: LOCAL_IMAGE, labels }, { engine: to, image: LOCAL_IMAGE, labels })
  }, 120_000)
  afterAll(async () => {
    from?.close()
    to?.close()
    await second?.dispose()
  })

  let source: string
  /** The target's folder, as a volume of the machine's engine. */
  let seen: string
  const pair = () => ({ source, target: source })
  beforeEach(async () => {
    source = uniqueName('between')
    seen = `${source}-seen`
    await docker.createVolume({ Name: source, Labels: labels })
    await to.volumes.create(source, labels)
    const device = join(second.dataRoot, 'volumes', source, '_data')
    await docker.createVolume({ Name: seen, Labels: labels, DriverOpts: { type: 'none', o: 'bind', device } })
    made.push(seen, source)
  })
  afterEach(async () => {
    for (const name of made.splice(0)) await docker.getVolume(name).remove()
    expect(await helpers()).toEqual([])
    await to.volumes.remove(source)
  })

  async function helpers(): Promise<string[]> {
    const found = await Promise.all([from, to].map((engine) => engine.containers.list(`dev.berth.test=${owner}`)))
    return found.flat().map(({ id, state }) => `${id} ${state}`)
  }

  /** Of rsync, in the helper of the machine's engine. Throws while there is none. */
  async function clientPid(): Promise<number> {
    const [helper] = await docker.listContainers({ filters: { label: [`dev.berth.test=${owner}`] } })
    if (!helper) throw new Error('there is no helper yet')
    const { Processes: processes } = (await docker.getContainer(helper.Id).top({ ps_args: '-eo pid,args' })) as {
      Processes: string[][]
    }
    const client = processes.find(([, program]) => program?.startsWith('rsync '))
    if (!client) throw new Error('rsync does not run yet')
    return Number(client[0])
  }

  function copy({ final = true, signal = new AbortController().signal, onBytes = (_: number) => {}, through = stream } = {}) {
    return through.copy(pair(), { final, signal, onProgress: ({ doneBytes }) => onBytes(doneBytes) })
  }
  const verify = () => stream.verify(pair(), new AbortController().signal)
  const change = (line: string) => inVolumes([source], line)

  /** Resolves once more than so many bytes have arrived. */
  function arrival(bytes: number) {
    const { promise, resolve } = Promise.withResolvers<void>()
    return { promise, onBytes: (done: number) => done >= bytes && resolve() }
  }

  it('has every kind of file as it was, and what has changed since when it is copied again', async () => {
    await change(MAKE_ALL_KINDS)
    expect(await copy({ final: false })).toMatchObject({ isWhole: true })
    expect(await verify()).toBe(true)
    await change(`
      set -e; cd /a; echo more >>docs/random; rm nothing; mv soft softer; rm -r empty; echo file >empty; rm hard; mkdir hard; echo in >hard/in
      rm pipe; ln whiteout pipe; chmod 600 tty; chown 5:6 -- -rf; touch -d '2001-02-03 04:05:06.123456780' docs/deep/er/text
      perl -e 'for (["/a/docs", "trusted.overlay.opaque"], ["/a/docs/deep", "system.posix_acl_default"]) { my ($path, $name) = @$_; syscall(197, $path, $name) == 0 or die $! }'`)
    expect(await verify()).toBe(false)
    expect(await copy()).toMatchObject({ isWhole: true })
    await change('rm /a/overlay2/backingFsBlockDev; touch -d @1000000000 /a/overlay2')
    expect((await copy()).sentBytes).toBeLessThan(100_000)
    expect(await differences(source, seen)).toBe('')
    expect(await verify()).toBe(true)
  })

  it('is known to be another where only content, links or nanoseconds differ', async () => {
    await change('cd /a; echo one >one; ln one two; echo three >three')
    await copy()
    const put = (line: string) => inVolumes([seen], `cd /a; ${line}`)
    await put('touch -r three /tmp/at; echo THREE >three; touch -r /tmp/at three')
    expect(await verify()).toBe(false)
    await put('touch -r three /tmp/at; echo three >three; touch -r /tmp/at three')
    expect(await verify()).toBe(true)
    await put('cp -p one new; mv new one')
    expect(await verify()).toBe(false)
    await put('ln -f two one; touch -d "$(stat -c %y .)" .')
    await copy()
    expect(await verify()).toBe(true)
    await change('cd /a; cp -p one new; touch -r . /tmp/at; mv new one; touch -r /tmp/at .')
    expect(await verify()).toBe(false)
  })

  it('continues where it was interrupted, also in the middle of a file', async () => {
    await change('cd /a; head -c 160M /dev/urandom >big; mkdir many; for i in $(seq 500); do echo $i >many/$i; done')
    const half = arrival(80 * MB)
    const abort = new AbortController()
    const cutOff = copy({ final: false, signal: abort.signal, onBytes: half.onBytes })
    await Promise.race([half.promise, cutOff])
    const begin = performance.now()
    abort.abort()
    await expect(cutOff).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(performance.now() - begin).toBeLessThan(8000)
    expect(await helpers()).toEqual([])
    expect((await copy()).sentBytes).toBeLessThan(120 * MB)
    expect(await differences(source, seen)).toBe('')
  })

  it('comes to its end however often it is cut off', async () => {
    await change(
      'cd /a; for i in $(seq 20); do mkdir $i; for j in $(seq 40); do head -c $((i * j * 100)) /dev/urandom >$i/$j; done; ln $i/1 $i/hard; done',
    )
    for (let round = 0; round < 3; round++) {
      const milliseconds = Math.round(Math.random() * 1500)
      await copy({ final: false, signal: AbortSignal.timeout(milliseconds) }).catch((error: unknown) =>
        expect(error, `after ${milliseconds} ms`).toMatchObject({ code: 'CANCELLED' }),
      )
    }
    await copy()
    expect(await differences(source, seen)).toBe('')
  })

  it('is right after the final pass when a file was written to unseen during the first', async () => {
    await change('cd /a; echo old >first; head -c 80M /dev/urandom >middle; echo still >second')
    const begun = arrival(10 * MB)
    const first = copy({ final: false, onBytes: begun.onBytes })
    await Promise.race([begun.promise, first])
    await change(
      `cd /a; for file in first middle; do touch -r $file /tmp/at; printf NEW | dd of=$file conv=notrunc status=none; touch -r /tmp/at $file; done; rm second`,
    )
    await first
    await copy()
    expect(await inVolumes([seen], 'cat /a/first; head -c 3 /a/middle')).toBe('NEW\nNEW')
    expect(await differences(source, seen)).toBe('')
  })

  longIt('waits for a side that is held up', async () => {
    // So many sums come from the target that no buffer on the way holds them.
    await inVolumes([source, seen], 'truncate -s 1800M /a/holes /b/holes; touch -d @1 /b/holes')
    const begun = Promise.withResolvers<void>()
    let bytes = 0
    const counting = new Transform({
      transform(chunk: Buffer, _, done) {
        bytes += chunk.length
        if (bytes > 4096) begun.resolve()
        done(null, chunk)
      },
    })
    const helpers: Engine['helpers'] = {
      ...to.helpers,
      async start(spec) {
        const helper = await to.helpers.start(spec)
        return { ...helper, stdout: helper.stdout.pipe(counting) }
      },
    }
    const copied = copy({
      through: createVolumeStream({ engine: from, image: LOCAL_IMAGE, labels }, { engine: { ...to, helpers }, image: LOCAL_IMAGE, labels }),
    })
    const pid = await vi.waitFor(clientPid, { timeout: 20_000, interval: 20 })
    await begun.promise
    process.kill(pid, 'SIGSTOP')
    await sleep(4000)
    process.kill(pid, 'SIGCONT')
    expect((await copied).sentBytes).toBeLessThan(MB)
  })

  it('that finds no room is DISK_FULL, and comes to its end when there is', async () => {
    await change('head -c 100M /dev/urandom >/a/big; echo small >/a/small')
    second.leaveFree(40 * MB)
    await expect(copy()).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await helpers()).toEqual([])
    second.leaveFree(400 * MB)
    await copy()
    // On a disk with so little room a file may be in so many pieces that it takes more: `differences` would count that.
    expect(await verify()).toBe(true)
  })

  it('whose engine is killed is ENGINE_UNREACHABLE, and comes to its end when that is back', async () => {
    await change('head -c 160M /dev/urandom >/a/big; echo small >/a/small')
    const begun = arrival(30 * MB)
    const lost = copy({ onBytes: begun.onBytes }).then(
      () => 'copied',
      (error: unknown) => error,
    )
    await Promise.race([begun.promise, lost])
    await second.kill()
    const begin = performance.now()
    expect(await lost).toMatchObject({ code: 'ENGINE_UNREACHABLE', data: { endpoint: second.endpoint } })
    expect(performance.now() - begin).toBeLessThan(LOST_MS)
    expect(await docker.listContainers({ all: true, filters: { label: [`dev.berth.test=${owner}`] } })).toEqual([])
    await second.start()
    await isConnected(to)
    // As at each connection of Berth's.
    await to.containers.removeAll(`dev.berth.test=${owner}`)
    expect(await helpers()).toEqual([])
    await copy()
    expect(await verify()).toBe(true)
  })

  it('that is none fails with the reason, and leaves nothing', async () => {
    const { signal } = new AbortController()
    for (const missing of [
      { source: uniqueName('none'), target: source },
      { source, target: uniqueName('none') },
    ]) {
      await expect(stream.copy(missing, { final: true, signal, onProgress: () => undefined })).rejects.toMatchObject({
        code: 'ENGINE_REFUSED',
      })
      expect(await Promise.all([from.volumes.inspect(missing.source), to.volumes.inspect(missing.target)])).toContain(null)
    }
  })
})

const obstacle = docker26Obstacle()
if (obstacle !== null) console.log(`Images are not sent: ${obstacle}.`)

describe.skipIf(obstacle !== null)('an image that is sent to another engine', () => {
  let second: SecondEngine
  let machine: Engine
  let other: Engine
  const made: string[] = []
  beforeAll(async () => {
    second = await startDocker26()
    machine = await connectEngine()
    other = await connectTo(second.endpoint)
    // The first time, the system of that engine is made.
  }, 600_000)
  afterAll(async () => {
    for (const reference of made) await machine.images.remove(reference)
    machine?.close()
    other?.close()
    await second?.dispose()
  })

  type Docker = typeof docker
  function reference(): string {
    const name = `berth-layer/${uniqueName('sent')}:one`
    made.push(name)
    return name
  }
  const files = (name: string, bytes: number) => {
    const tar = pack()
    tar.entry({ name }, Buffer.alloc(bytes, `${name} ${uniqueName('content')}`))
    tar.finalize()
    return tar as unknown as NodeJS.ReadableStream
  }

  async function makeImage(engine: Docker, name: string): Promise<void> {
    const [repo = '', tag = ''] = name.split(':')
    const changes = `LABEL kind=base\nENV COLOR=blue\nCMD ["/bin/none"]`
    const answer = await engine.importImage(files('below', 3 * MB), { repo, tag, changes })
    for await (const _ of answer as AsyncIterable<Buffer>);
  }

  /** An image as that of a workspace’s layer: of a container that is made from another. */
  async function makeLayer(engine: Docker, image: string, name: string): Promise<void> {
    const [repo, tag] = name.split(':')
    const container = await engine.createContainer({ Image: image, Cmd: ['/bin/none'], Labels: { more: 'yes' } })
    await container.putArchive(files('above', MB), { path: '/' })
    await container.commit({ repo, tag })
    await container.remove()
  }

  const send = (from: Engine, to: Engine, name: string, replace = true) =>
    sendImage(from, to, name, { replace, signal: new AbortController().signal, onProgress: () => undefined })

  async function expectSame(name: string): Promise<void> {
    const [here, there] = await Promise.all([docker, second.docker].map((one) => one.getImage(name).inspect()))
    expect(there?.RootFS).toEqual(here?.RootFS)
    expect(there?.Id).toBe(here?.Id)
    expect(there?.Config.Labels).toMatchObject({ kind: 'base' })
    expect(there?.Config.Env).toContain('COLOR=blue')
  }

  it.each(['from 20.10 to 26.1', 'from 26.1 to 20.10'])('is the same there, and is sent without layers that are there: %s', async (way) => {
    const isFromMachine = way.startsWith('from 20')
    const [made, from, to] = isFromMachine ? [docker, machine, other] : [second.docker, other, machine]
    const [base, layer, further] = [reference(), reference(), reference()]
    await makeImage(made, base)
    await makeLayer(made, base, layer)
    await makeLayer(made, layer, further)
    const sent = await send(from, to, base)
    expect(sent.outcome).toBe('sent')
    expect(sent.sentBytes).toBeGreaterThan(3 * MB)
    await expectSame(base)
    for (const name of [layer, further]) {
      const { outcome, sentBytes } = await send(from, to, name)
      expect(outcome).toBe('sent')
      expect(sentBytes).toBeGreaterThan(MB)
      expect(sentBytes).toBeLessThan(1.5 * MB)
      await expectSame(name)
    }
    expect(await send(from, to, further)).toEqual({ outcome: 'there', sentBytes: 0 })
    await to.images.remove(further)
    await send(from, to, further)
    await expectSame(further)
  })

  it('takes a name from another image only where it is told to', async () => {
    const name = reference()
    await makeImage(docker, name)
    await makeImage(second.docker, name)
    const before = await other.images.inspect(name)
    expect(await send(machine, other, name, false)).toEqual({ outcome: 'taken', sentBytes: 0 })
    expect((await other.images.inspect(name))?.id).toBe(before?.id)
    expect((await send(machine, other, name)).outcome).toBe('sent')
    await expectSame(name)
    expect(await other.images.inspect(before?.id ?? '')).toBeNull()
  })

  it('that is none is IMAGE_UNAVAILABLE, and one whose copy is cancelled comes without a name', async () => {
    await expect(send(machine, other, `berth-layer/${uniqueName('none')}:one`)).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' })
    const name = reference()
    await makeImage(docker, name)
    const abort = new AbortController()
    const sending = sendImage(machine, other, name, { replace: true, signal: abort.signal, onProgress: () => abort.abort() })
    await expect(sending).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await other.images.inspect(name)).toBeNull()
  })
})
