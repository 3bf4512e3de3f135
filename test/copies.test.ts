import { execFile } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { inContainer } from '../src/shared/testing/in-container'
import { longIt } from './support/long'
import { createTestCore, docker, done, inside, leftOnEngine, running, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

/** Every file of the home folder with type, mode, owner, time, links, size, target and checksum, as one text. */
const WALK =
  'cd /home/workspace && find . -printf "%P|%y|%m|%U|%G|%T@|%n|%s|%b|%l\\n" | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum'

/** Attributes, by the kernel's own calls as the image has no tool for them: one of a user, an ACL, a capability, one of overlayfs. */
const SET_ATTRIBUTES = `perl -e '
  sub set { my ($path, $name, $value) = @_; syscall(188, $path, $name, $value, length $value, 0) == 0 or die "$path $name: $!" }
  my $deep = "/home/workspace/deep";
  set("$deep/er/one", "user.note", "kept"); set("$deep/tool", "security.capability", pack("VVVVV", 0x02000001, 0x400, 0, 0, 0));
  set("$deep/er", "system.posix_acl_access", pack("V(vvV)5", 2, 1,7,0xffffffff, 2,5,1005, 4,5,0xffffffff, 16,5,0xffffffff, 32,0,0xffffffff));
  set("/var/lib/docker/kept", "trusted.overlay.opaque", "y")'`
const ATTRIBUTES = `perl -e '
  my @paths = ("/home/workspace/deep/er/one", "/home/workspace/deep/tool", "/home/workspace/deep/er", "/var/lib/docker/kept");
  for my $path (@paths) {
    my $names = "\\0" x 4096; my $length = syscall(194, $path, $names, 4096); die "$path: $!" if $length < 0;
    for my $name (sort split /\\0/, substr $names, 0, $length) {
      my $value = "\\0" x 4096; my $size = syscall(191, $path, $name, $value, 4096);
      print "$path $name ", unpack("H*", substr $value, 0, $size), "\\n";
    }
  }'`

/** A package as a person would build and install one. */
const INSTALL_PACKAGE = `
  mkdir -p /tmp/package/DEBIAN /tmp/package/usr/bin && printf '#!/bin/sh\\necho from the package\\n' >/tmp/package/usr/bin/of-package && chmod 755 /tmp/package/usr/bin/of-package
  printf 'Package: of-test\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Test <test@example.org>\\nDescription: test\\n' >/tmp/package/DEBIAN/control
  dpkg-deb --build /tmp/package /tmp/of-test.deb && apt-get install -y -q --no-install-recommends /tmp/of-test.deb`

describe('copies of a workspace', () => {
  let test: TestCore
  const source = uniqueName('source')
  beforeAll(async () => {
    test = await createTestCore()
    const { core } = test
    await done(core, core.workspaces.start({ name: source, env: { MODE: 'test' } }))
    await inside(
      core,
      source,
      `mkdir -p ~/deep/er && cd ~/deep && echo one > er/one && ln er/one hard && ln -s er/one soft && mkfifo pipe &&
       truncate -s 50M sparse && echo end >> sparse && chmod 640 er/one && printf '#!/bin/sh\\n' > tool &&
       sudo mkdir /var/lib/docker/kept && sudo chown 12345:54321 soft -h
       touch -d '2001-02-03 04:05:06.789' er/one
       sudo sh -c 'echo installed > /opt/installed'
       tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1 >/dev/null`,
    )
    await inside(core, source, SET_ATTRIBUTES, 'root')
    await inside(core, source, INSTALL_PACKAGE, 'root')
  }, 60_000)
  afterAll(() => test.dispose())

  const hostKeyOf = async (name: string) => {
    const { ports } = test.core.workspaces.get(name)
    return (await run('ssh-keyscan', ['-t', 'ed25519', '-p', String(ports.ssh), '127.0.0.1'])).stdout.split(' ').at(-1)
  }

  /** How long the container stood still, each time since that second; in milliseconds. */
  async function pausesOf(container: string, since: number): Promise<number[]> {
    const until = Math.ceil(Date.now() / 1000)
    const filters = { container: [container], event: ['pause', 'unpause'] }
    const lines = await text(await docker.getEvents({ since, until, filters: JSON.stringify(filters) }))
    const times = lines
      .trim()
      .split('\n')
      .map((line) => z.object({ timeNano: z.number() }).parse(JSON.parse(line)).timeNano / 1e6)
    return times.flatMap((time, index) => (index % 2 === 1 ? [time - (times[index - 1] ?? 0)] : []))
  }

  it('a clone of a running one has everything and its own identity, and the source keeps running', async () => {
    const { core } = test
    const name = uniqueName('clone')
    await inside(core, source, 'nohup setsid bash -c "while :; do date +%s%N; sleep 0.02; done" > /tmp/ticks 2>/dev/null & sleep 0.3')
    const begun = Math.floor(Date.now() / 1000)
    await done(core, core.copies.clone(source, { name, stop: false, start: true }))
    const clone = core.workspaces.get(name)
    expect(clone).toMatchObject({
      status: 'running',
      env: { MODE: '***' },
      volumes: { home: `workspace-${name}`, docker: `workspace-${name}-docker` },
    })
    expect(clone.ports.ssh).not.toBe(core.workspaces.get(source).ports.ssh)
    expect(await inside(core, name, WALK)).toBe(await inside(core, source, WALK))
    expect(Number(await inside(core, name, 'stat -c %b ~/deep/sparse'))).toBeLessThan(100)
    const attributes = await inside(core, source, ATTRIBUTES, 'root')
    expect(attributes.split('\n')).toHaveLength(4)
    expect(await inside(core, name, ATTRIBUTES, 'root')).toBe(attributes)
    expect(await inside(core, name, 'of-package; dpkg -s of-test | grep ^Status')).toBe('from the package\nStatus: install ok installed')
    expect(await inside(core, name, 'cat /opt/installed; hostname; echo $MODE')).toBe(`installed\n${name}\ntest`)
    expect(await inside(core, name, 'docker run --rm tiny:1 /bin/echo nested')).toBe('nested')
    expect(await hostKeyOf(name)).not.toBe(await hostKeyOf(source))

    const ticks = (await inside(core, source, 'pkill -f "date \\+" ; cat /tmp/ticks')).split('\n').map(Number)
    const gaps = ticks.slice(1).map((tick, index) => (tick - (ticks[index] ?? 0)) / 1e6)
    expect(ticks.length).toBeGreaterThan(20)
    const pauses = await pausesOf(inContainer(core.workspaces.get(source)).containerName, begun)
    expect(pauses).toHaveLength(1)
    // The rest is how long anything may wait for its turn on a busy machine.
    expect(Math.max(...gaps), 'longest gap in milliseconds').toBeLessThan((pauses[0] ?? 0) + 1000)
  })

  longIt('two clones at once, a clone of a clone, and the end of the first source', async () => {
    const { core } = test
    const names = [uniqueName('a'), uniqueName('b')] as const
    await Promise.all(names.map((name) => done(core, core.copies.clone(source, { name, stop: false, start: true }))))
    const third = uniqueName('c')
    await done(core, core.copies.clone(names[0], { name: third, stop: false, start: true }))
    await done(core, core.workspaces.delete(names[0]))
    await done(core, core.workspaces.restart(third))
    for (const name of [names[1], third]) {
      expect(await inside(core, name, 'cat /opt/installed ~/deep/er/one')).toBe('installed\none')
      expect(await inside(core, name, 'docker image ls -q tiny:1')).not.toBe('')
    }
  })

  it('with --stop the source is stopped for the copy, and runs again', async () => {
    const { core } = test
    const name = uniqueName('stopped')
    const operation = await done(core, core.copies.clone(source, { name, stop: true, start: false }))
    expect(operation.steps.find((step) => step.name === 'stop-source')?.status).toBe('done')
    expect(core.workspaces.get(source).status).toBe('running')
    expect(core.workspaces.get(name).status).toBe('stopped')
  })

  it('a clone that is cancelled leaves no trace, and the source runs', async () => {
    const { core } = test
    const name = uniqueName('cancelled')
    const { operation } = await core.copies.clone(source, { name, stop: false, start: true })
    const begun = new Promise<void>((resolve) => {
      const unsubscribe = core.operations.onChange(({ id, steps }) => {
        if (id !== operation.id || steps.find((step) => step.name === 'volumes')?.status !== 'running') return
        unsubscribe()
        resolve()
      })
    })
    await begun
    expect((await core.operations.cancel(operation.id)).status).toBe('cancelled')
    expect(await leftOnEngine(name)).toEqual([])
    expect(core.workspaces.get(source).status).toBe('running')
    expect(await inside(core, source, 'echo alive')).toBe('alive')
  })

  it('a source cannot be stopped under a clone', async () => {
    const { core } = test
    const { operation, workspace } = await core.copies.clone(source, { name: uniqueName('busy'), stop: false, start: false })
    await expect(core.workspaces.stop(source)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY', data: { operationId: operation.id } })
    await core.operations.whenEnded(operation.id)
    expect(core.workspaces.get(workspace.id).status).toBe('stopped')
  })

  describe('a snapshot', () => {
    const name = uniqueName('snap')
    let walk: string
    beforeAll(async () => {
      const { core } = test
      await done(core, core.copies.clone(source, { name, stop: false, start: true }))
      const { operation } = await core.copies.createSnapshot(name, 'before')
      expect((await core.operations.whenEnded(operation.id)).error).toBeNull()
      walk = await inside(core, name, WALK)
      await inside(core, name, 'rm -rf ~/deep && echo new > ~/new && sudo sh -c "echo changed > /opt/installed" && docker rmi -f tiny:1')
    })

    it('is refused as the state to go back to while the workspace runs, unless forced', async () => {
      await expect(test.core.copies.restore(name, 'before', { force: false })).rejects.toMatchObject({ code: 'WORKSPACE_RUNNING' })
      await expect(test.core.copies.restore(name, 'none', { force: true })).rejects.toMatchObject({ code: 'SNAPSHOT_NOT_FOUND' })
    })

    it('brings everything back, and the state before is kept', async () => {
      const { core } = test
      await done(core, core.copies.restore(name, 'before', { force: true }))
      expect(core.workspaces.get(name).status).toBe('running')
      expect(await inside(core, name, WALK)).toBe(walk)
      expect(await inside(core, name, 'cat /opt/installed; docker run --rm tiny:1 /bin/echo nested')).toBe('installed\nnested')
      const [kept] = await core.copies.listSnapshots(name, { measure: true })
      expect(kept).toMatchObject({ automatic: true, name: expect.stringMatching(/^before-restore-/) })
      expect(kept?.bytes).toBeGreaterThan(0)

      await done(core, core.copies.restore(name, kept?.name ?? '', { force: true }))
      expect(await inside(core, name, 'cat ~/new /opt/installed')).toBe('new\nchanged')
    })

    it('can be made a workspace of its own', async () => {
      const { core } = test
      const other = uniqueName('other')
      await done(core, core.copies.restoreAs(name, 'before', { name: other, start: true }))
      expect(await inside(core, other, WALK)).toBe(walk)
      await done(core, core.workspaces.delete(other))
      expect((await core.copies.listSnapshots(name, { measure: false })).map((snapshot) => snapshot.name)).toContain('before')
    })

    it('whose restored state does not start leaves the old one as it was', async () => {
      const { core } = test
      const [snapshot] = (await core.copies.listSnapshots(name, { measure: false })).filter((found) => found.name === 'before')
      await inside(core, name, 'echo precious > ~/precious')
      // A layer in which nothing can start.
      const container = await docker.createContainer({ Image: LOCAL_IMAGE, Entrypoint: ['/bin/false'] })
      const reference = { repo: `berth-layer/${snapshot?.id}`, tag: 'snapshot' }
      await docker.getImage(`berth-layer/${snapshot?.id}:snapshot`).tag({ repo: 'berth-test', tag: snapshot?.id ?? '' })
      await container.commit({ ...reference, changes: ['ENTRYPOINT ["/bin/false"]', 'CMD []'] })
      await container.remove()
      await expect(done(core, core.copies.restore(name, 'before', { force: true }))).rejects.toMatchObject({
        code: 'WORKSPACE_START_FAILED',
      })
      expect(await inside(core, name, 'cat ~/precious')).toBe('precious')
      await running(core, name)
      expect(core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
      await docker.getImage(`berth-test:${snapshot?.id}`).tag(reference)
      await docker.getImage(`berth-test:${snapshot?.id}`).remove()
    })

    it('goes with its workspace, and leaves nothing', async () => {
      const { core } = test
      const { id } = core.workspaces.get(name)
      const ids = [id, ...(await core.copies.listSnapshots(name, { measure: false })).map((snapshot) => snapshot.id)]
      await done(core, core.workspaces.delete(name))
      const volumes = await docker.listVolumes({ filters: { label: [`dev.berth.id=${id}`] } })
      expect(volumes.Volumes ?? []).toEqual([])
      for (const layer of ids) expect(await docker.listImages({ filters: { reference: [`berth-layer/${layer}`] } })).toEqual([])
    })
  })

  it('a template is cloned and not started', async () => {
    const { core } = test
    const template = uniqueName('template')
    await done(core, core.copies.clone(source, { name: template, stop: false, start: false }))
    await core.workspaces.update(template, { template: true, label: 'For all' })
    await expect(core.workspaces.start({ name: template })).rejects.toMatchObject({ code: 'WORKSPACE_IS_TEMPLATE' })
    const name = uniqueName('made')
    await done(core, core.workspaces.start({ name, template, label: 'Mine', env: { MODE: 'mine', MORE: 'yes' } }))
    expect(core.workspaces.get(name)).toMatchObject({
      template: false,
      label: 'Mine',
      env: { MODE: '***', MORE: '***' },
      status: 'running',
    })
    expect(await inside(core, name, 'echo $MODE $MORE')).toBe('mine yes')
    await expect(core.workspaces.start({ name: uniqueName('none'), template, image: 'debian' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    expect(await inside(core, name, 'cat /opt/installed')).toBe('installed')
    await expect(core.workspaces.start({ name: uniqueName('none'), template: source })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(core.workspaces.update(source, { template: true })).rejects.toMatchObject({ code: 'WORKSPACE_RUNNING' })
  })

  it('a rename keeps data, port and snapshots of a running one, and frees the old name', async () => {
    const { core } = test
    const [old, renamed] = [uniqueName('old'), uniqueName('renamed')]
    await done(core, core.workspaces.start({ name: old }))
    await inside(core, old, 'echo kept > ~/kept')
    const { operation } = await core.copies.createSnapshot(old, 'one')
    await core.operations.whenEnded(operation.id)
    const before = core.workspaces.get(old)
    await expect(core.workspaces.rename(old, source)).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    await core.workspaces.rename(old, renamed)
    expect(core.workspaces.get(renamed)).toMatchObject({
      id: before.id,
      status: 'running',
      ports: before.ports,
      containerName: `workspace-${renamed}`,
    })
    expect(await inside(core, renamed, 'cat ~/kept')).toBe('kept')
    expect(await core.copies.listSnapshots(renamed, { measure: false })).toHaveLength(1)
    await done(core, core.workspaces.start({ name: old }))
    expect(await inside(core, old, 'ls ~')).toBe('')
    await done(core, core.workspaces.restart(renamed))
    expect(await inside(core, renamed, 'cat ~/kept')).toBe('kept')
  })
})
