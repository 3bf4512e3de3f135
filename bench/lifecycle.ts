import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { createTestCore, docker, done, uniqueName } from '../test/support/test-core'
import { median, table, timed } from './support/measure'

/**
 * How much Berth adds to what the engine itself takes: a workspace created until it is ready and stopped again, against the
 * same container made with plain calls to the engine, in turns in one run. And what a list of many workspaces costs.
 */
const rounds = Number(process.argv[2] ?? 5)
const test = await createTestCore()
const { core } = test
// As with anybody who has more than one: the first makes the network of all, which goes with the last.
const standing = uniqueName('standing')
await done(core, core.workspaces.start({ name: standing }))
await done(core, core.workspaces.stop(standing))

async function floor(): Promise<{ start: number; stop: number }> {
  const name = uniqueName('floor')
  const start = await timed(async () => {
    await docker.createVolume({ Name: `${name}-docker` })
    const container = await docker.createContainer({
      name,
      Image: LOCAL_IMAGE,
      HostConfig: {
        Init: true,
        CapAdd: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE'],
        SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
        MaskedPaths: [],
        ReadonlyPaths: [],
        Mounts: [{ Type: 'volume', Source: `${name}-docker`, Target: '/var/lib/docker' }],
        PortBindings: { '22/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      },
    })
    await container.start()
    const log = spawn('docker', ['logs', '-f', name], { stdio: ['ignore', 'pipe', 'ignore'] })
    while (!String((await once(log.stdout, 'data'))[0]).includes('berth: ready'));
    log.kill()
  })
  const stop = await timed(() => docker.getContainer(name).stop())
  await docker.getContainer(name).remove()
  await docker.getVolume(`${name}-docker`).remove()
  return { start, stop }
}

async function berth(): Promise<{ start: number; stop: number }> {
  const name = uniqueName('bench')
  const start = await timed(() => done(core, core.workspaces.start({ name })))
  const stop = await timed(() => done(core, core.workspaces.stop(name)))
  await done(core, core.workspaces.delete(name))
  return { start, stop }
}

const results = { floor: [] as { start: number; stop: number }[], berth: [] as { start: number; stop: number }[] }
for (let round = 0; round < rounds; round++) {
  results.floor.push(await floor())
  results.berth.push(await berth())
}
const row = (what: 'start' | 'stop', title: string) => {
  const [plain, own] = [median(results.floor.map((one) => one[what])), median(results.berth.map((one) => one[what]))]
  return [title, `${plain.toFixed(0)} ms`, `${own.toFixed(0)} ms`, (own / plain).toFixed(2)]
}
console.log(`Medians of ${rounds} rounds, in turns.\n`)
console.log(table(['', 'engine alone', 'Berth', 'ratio'], [row('start', 'create, start, ready'), row('stop', 'stop')]))
await test.dispose()
