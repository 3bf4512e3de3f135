import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { longIt } from './support/long'
import { createTestCore, docker, done, inside, ownerLabel, type TestCore, uniqueName } from './support/test-core'

/** A server that says hello to whoever comes, without a password. */
const SERVE =
  'nohup perl -MIO::Socket::INET -e \'$s=IO::Socket::INET->new(LocalPort=>8123,Listen=>9,ReuseAddr=>1);while($c=$s->accept){print $c "hello\\n";close $c}\' >/dev/null 2>&1 & sleep 0.5'

describe('the network of workspaces', () => {
  let test: TestCore
  let network: string
  const [api, db] = [uniqueName('api'), uniqueName('db')]

  const reach = (from: string, host: string) =>
    inside(test.core, from, `timeout 2 bash -c 'exec 3<>/dev/tcp/${host}/8123 && head -n 1 <&3' 2>/dev/null || echo unreachable`)
  const addressOf = async (name: string, of = network) =>
    (await docker.getContainer(`workspace-${name}`).inspect()).NetworkSettings.Networks[of]?.IPAddress ?? ''
  const restart = async (name: string) => {
    await done(test.core, test.core.workspaces.stop(name))
    return done(test.core, test.core.workspaces.start({ name }))
  }

  beforeAll(async () => {
    test = await createTestCore()
    network = `berth.${(await ownerLabel(test)).split('=')[1]}`
    await done(test.core, test.core.workspaces.start({ name: api }))
    await done(test.core, test.core.workspaces.start({ name: db }))
    await inside(test.core, db, SERVE)
  })
  afterAll(async () => {
    await test.dispose()
    expect((await docker.listNetworks()).map(({ Name }) => Name)).not.toContain(network)
  })

  it('keeps them apart, and off the engine’s own network', async () => {
    expect(await reach(db, '127.0.0.1')).toBe('hello')
    expect(await reach(api, await addressOf(db))).toBe('unreachable')
    expect(await reach(api, db)).toBe('unreachable')
    const { Networks } = (await docker.getContainer(`workspace-${api}`).inspect()).NetworkSettings
    expect(Object.keys(Networks)).toEqual([network])
  })

  it('has no IPv6, whose link-local addresses the engine does not filter', async () => {
    for (const name of [api, db]) expect(await inside(test.core, name, 'cat /proc/net/if_inet6')).not.toContain('eth0')
  })

  it('leaves the machine, the way out and names as they were', async () => {
    const gateway = await inside(test.core, api, 'getent ahostsv4 host.docker.internal | cut -d" " -f1 | head -n 1')
    expect(gateway).toMatch(/^\d+\./)
    const port = test.core.workspaces.get(api).ports.ssh
    expect(port).not.toBeNull()
    const { Ports } = (await docker.getContainer(`workspace-${api}`).inspect()).NetworkSettings
    expect(Ports['22/tcp']).toEqual([{ HostIp: '127.0.0.1', HostPort: String(port) }])
    const mtu = (await docker.getNetwork('bridge').inspect()).Options?.['com.docker.network.driver.mtu'] ?? '1500'
    expect(await inside(test.core, api, 'cat /sys/class/net/eth0/mtu')).toBe(mtu)
  })

  it('shares its name server with nested containers', async () => {
    const files =
      'usr/bin/getent usr/lib/x86_64-linux-gnu/libc.so.6 usr/lib/x86_64-linux-gnu/libnss_dns.so.2 usr/lib/x86_64-linux-gnu/libresolv.so.2'
    await inside(
      test.core,
      api,
      `cd / && tar -ch $(for file in ${files} lib64/ld-linux-x86-64.so.2; do [ -e $file ] && echo $file; done) | docker import - names`,
    )
    const answer = await inside(
      test.core,
      api,
      `docker run --rm --env LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu names /usr/bin/getent hosts workspace-${db}`,
    )
    expect(answer).toContain(await addressOf(db))
  })

  it('lets named workspaces see each other by name, at once, and through a rename', async () => {
    test.core.settings.update({ visibleWorkspaces: [[api, db]] })
    await expect.poll(() => reach(api, `${db}.berth`), { timeout: 10_000 }).toBe('hello')
    const renamed = uniqueName('renamed')
    await done(test.core, test.core.workspaces.rename(db, renamed))
    await expect.poll(() => reach(api, `${renamed}.berth`), { timeout: 10_000 }).toBe('hello')
    expect(test.core.settings.get().visibleWorkspaces).toEqual([[api, renamed]])
    await done(test.core, test.core.workspaces.rename(renamed, db))
    await expect.poll(() => reach(api, `${db}.berth`), { timeout: 10_000 }).toBe('hello')
    test.core.settings.update({ visibleWorkspaces: [] })
    await expect.poll(() => reach(api, `${db}.berth`), { timeout: 10_000 }).toBe('unreachable')
    // The last to leave is off the network before the network itself goes.
    const groups = async () => (await docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith(`${network}.`))
    await expect.poll(groups, { timeout: 10_000 }).toEqual([])
  })

  it('is made again when a clean-up removed it, and takes in a workspace of an older Berth', async () => {
    for (const name of [api, db]) await done(test.core, test.core.workspaces.stop(name))
    await docker.pruneNetworks()
    expect((await docker.listNetworks()).map(({ Name }) => Name)).not.toContain(network)
    await done(test.core, test.core.workspaces.start({ name: api }))
    expect(await addressOf(api)).not.toBe('')

    await docker.getNetwork(network).disconnect({ Container: `workspace-${db}`, Force: true })
    await docker.getNetwork('bridge').connect({ Container: `workspace-${db}` })
    const { id } = test.core.workspaces.get(db)
    await restart(db)
    const after = await docker.getContainer(`workspace-${db}`).inspect()
    expect(Object.keys(after.NetworkSettings.Networks)).toEqual([network])
    expect(after.Config.Labels['dev.berth.id']).toBe(id)
  })

  longIt('is made again for a source that an undo starts, too', async () => {
    await done(test.core, test.core.workspaces.stop(db))
    const { operation } = await test.core.copies.clone(api, { name: uniqueName('undone'), stop: true, start: true })
    const removed = new Promise<void>((resolve, reject) => {
      const unsubscribe = test.core.operations.onChange(({ id, steps }) => {
        if (id !== operation.id || steps.find(({ name }) => name === 'layer')?.status !== 'running') return
        unsubscribe()
        docker
          .getNetwork(network)
          .remove()
          .then(() => resolve(), reject)
      })
    })
    await removed
    await test.core.operations.cancel(operation.id)
    expect(await test.core.operations.whenEnded(operation.id)).toMatchObject({ status: 'cancelled' })
    expect(await addressOf(api)).not.toBe('')
    const { Id: id } = await docker.getNetwork(network).inspect()
    expect((await docker.getContainer(`workspace-${api}`).inspect()).NetworkSettings.Networks[network]?.NetworkID).toBe(id)
    await done(test.core, test.core.workspaces.start({ name: db }))
  })

  longIt(
    'has an address for each of a hundred',
    async () => {
      const made = await Promise.all(
        Array.from({ length: 100 }, () =>
          docker.createContainer({
            Image: LOCAL_IMAGE,
            Entrypoint: ['sleep', 'infinity'],
            HostConfig: { NetworkMode: network },
          }),
        ),
      )
      try {
        for (const container of made) await container.start()
        const containers: Record<string, { IPv4Address: string }> = (await docker.getNetwork(network).inspect()).Containers ?? {}
        const addresses = new Set(Object.values(containers).map(({ IPv4Address }) => IPv4Address))
        expect(addresses.size).toBeGreaterThanOrEqual(100)
      } finally {
        await Promise.all(made.map((container) => container.remove({ force: true })))
      }
    },
    600_000,
  )
})
