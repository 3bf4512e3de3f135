import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { problemToError } from '../src/main/workspaces/base/started-operation'
import type { Operation } from '../src/shared/operation'
import { areLongRun, longIt } from './support/long'
import { startSecondEngine } from './support/second-engine'
import { createTestCore, docker, done, inside, leftOnEngine, ownerLabel, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

/** Every file of the home folder with type, mode, owner, time, links, size, blocks, target and checksum, as one text. */
const WALK =
  'cd /home/workspace && find . -printf "%P|%y|%m|%U|%G|%T@|%n|%s|%b|%l\\n" | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum'

/** Attributes of a file, by the kernel's own call: the image has no tool for them. */
const ATTRIBUTES = `perl -e '
  my ($path, $names, $value) = ("/var/lib/docker/kept/whiteout-folder", "\\0" x 4096, "\\0" x 4096);
  my $name = "trusted.overlay.opaque";
  my $length = syscall(191, $path, $name, $value, 4096);
  print substr($value, 0, $length)'`
const SET_ATTRIBUTE = `perl -e '
  my ($path, $name, $value) = ("/var/lib/docker/kept/whiteout-folder", "trusted.overlay.opaque", "y");
  syscall(188, $path, $name, $value, 1, 0) == 0 or die "setxattr: $!"'`

describe('export and import', () => {
  let test: TestCore
  let folder: string
  const source = uniqueName('source')
  /** Of the source as it runs; the first test writes it. */
  let file: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-export-'))
    test = await createTestCore()
    const { core } = test
    await done(core, core.workspaces.start({ name: source, label: 'Mine', env: { MODE: 'test' }, limits: { processes: 4000 } }))
    await inside(
      core,
      source,
      `mkdir -p ~/deep/er ~/empty && cd ~/deep && echo one > er/one && ln er/one hard && ln -s er/one soft && ln -s /etc/passwd away && mkfifo pipe &&
       truncate -s 50M sparse && echo end >> sparse && chmod 4640 er/one && echo odd > "$(printf 'b\\377d\\n')" &&
       touch -d '2001-02-03 04:05:06.789012345' er/one && sudo chown 12345:54321 soft -h
       sudo sh -c 'echo installed > /opt/installed; mkdir -p /var/lib/docker/kept/whiteout-folder; mknod /var/lib/docker/kept/gone c 0 0'
       tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1 >/dev/null`,
    )
    await inside(core, source, SET_ATTRIBUTE, 'root')
  })
  afterAll(async () => {
    await test.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  async function ended({ operation }: { operation: Operation }): Promise<Operation> {
    const end = await test.core.operations.whenEnded(operation.id)
    if (end.error) throw problemToError(end)
    return end
  }

  const hostKeyOf = async (name: string) => {
    const { ports } = test.core.workspaces.get(name)
    return (await run('ssh-keyscan', ['-t', 'ed25519', '-p', String(ports.ssh), '127.0.0.1'])).stdout.split(' ').at(-1)
  }

  const exported = async (workspace: string) => {
    const file = join(folder, `${uniqueName('file')}.berth`)
    await ended(await test.core.archives.export(workspace, { file, overwrite: false, withSecrets: true }))
    return file
  }

  const imported = async (file: string, start = true) => {
    const name = uniqueName('import')
    await ended(await test.core.archives.import({ file, name, start }))
    return name
  }

  async function expectNothingLeft(): Promise<void> {
    const owner = await ownerLabel(test)
    expect(await docker.listContainers({ all: true, filters: { label: [owner, 'dev.berth.role=helper'] } })).toEqual([])
    const users = test.core.workspaces.list().map(({ id }) => `berth-layer/${id}:import`)
    const ids = new Set(test.core.operations.list().flatMap(({ workspaceId }) => workspaceId ?? []))
    const references = [...ids].flatMap((id) => [`berth-layer/${id}:export`, `berth-layer/${id}:import`])
    const images = references.length > 0 ? await docker.listImages({ filters: { reference: references } }) : []
    expect(images.flatMap((image) => image.RepoTags ?? []).filter((name) => references.includes(name) && !users.includes(name))).toEqual([])
    const volumes = (await docker.listVolumes({ filters: { label: [owner, 'dev.berth.role=snapshot-home'] } })).Volumes ?? []
    expect(volumes).toEqual([])
  }

  it('a running workspace comes back complete under another name, and keeps running', async () => {
    const { core } = test
    const { containerId, startedAt } = core.workspaces.get(source)
    file = await exported(source)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.partial`)).toBe(false)
    expect(core.workspaces.get(source)).toMatchObject({ status: 'running', containerId, startedAt })
    await expectNothingLeft()

    const name = await imported(file)
    const made = core.workspaces.get(name)
    expect(made).toMatchObject({
      status: 'running',
      limits: { diskBytes: null, memoryBytes: null, cpus: null, processes: 4000 },
      label: 'Mine',
      env: { MODE: '***' },
      template: false,
      problem: null,
    })
    expect(made.ports.ssh).not.toBe(core.workspaces.get(source).ports.ssh)
    expect(await inside(core, name, WALK)).toBe(await inside(core, source, WALK))
    expect(await inside(core, name, 'cat /opt/installed; hostname; echo $MODE')).toBe(`installed\n${name}\ntest`)
    expect(await inside(core, name, 'stat -c "%F %t:%T" /var/lib/docker/kept/gone', 'root')).toBe('character special file 0:0')
    expect(await inside(core, name, ATTRIBUTES, 'root')).toBe('y')
    expect(await inside(core, name, 'docker run --rm tiny:1 /bin/echo nested')).toBe('nested')
    expect(await hostKeyOf(name)).not.toBe(await hostKeyOf(source))
    await expectNothingLeft()

    const { id } = made
    await done(core, core.workspaces.delete(name))
    expect(await leftOnEngine(name)).toEqual([])
    expect(await docker.listImages({ filters: { reference: [`berth-layer/${id}`] } })).toEqual([])
  })

  longIt('a stopped one is exported as it is, and imported without being started', async () => {
    const { core } = test
    const name = uniqueName('stopped')
    await done(core, core.copies.clone(source, { name, stop: false, start: false }))
    const copy = await imported(await exported(name), false)
    expect(core.workspaces.get(copy).status).toBe('stopped')
    await done(core, core.workspaces.start({ name: copy }))
    expect(await inside(core, copy, WALK)).toBe(await inside(core, source, WALK))
  })

  it('names and files that are taken are refused, and what is there stays', async () => {
    const { core } = test
    const taken = join(folder, 'taken.berth')
    await writeFile(taken, 'precious')
    await expect(core.archives.export(source, { file: taken, overwrite: false })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await expect(core.archives.export(source, { file: 'relative.berth', overwrite: false })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    await expect(core.archives.import({ file: taken, name: 'x', start: true })).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      data: { reason: 'format' },
    })
    expect(await readFile(taken, 'utf8')).toBe('precious')
    await expect(core.archives.import({ file, start: true })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    await expect(core.archives.import({ file, name: 'A b', start: true })).rejects.toMatchObject({ code: 'NAME_INVALID' })
  })

  it('one that is cancelled leaves no file, no copy and no workspace', async () => {
    const { core } = test
    const target = join(folder, 'cancelled.berth')
    const { operation } = await core.archives.export(source, { file: target, overwrite: false })
    await stepRuns(operation.id, 'write')
    expect((await core.operations.cancel(operation.id)).status).toBe('cancelled')
    expect([target, `${target}.partial`].filter(existsSync)).toEqual([])
    expect(core.workspaces.get(source).status).toBe('running')
    await expectNothingLeft()

    for (const step of areLongRun ? ['check', 'image', 'home-volume', 'docker-volume'] : ['home-volume']) {
      const name = uniqueName('cancelled')
      const begun = await core.archives.import({ file, name, start: true })
      await stepRuns(begun.operation.id, step)
      expect((await core.operations.cancel(begun.operation.id)).status).toBe('cancelled')
      expect(await leftOnEngine(name)).toEqual([])
      expect(core.workspaces.list().map((workspace) => workspace.name)).not.toContain(name)
      await expectNothingLeft()
    }
  })

  it('a file that was changed or cut off is refused before anything is made', async () => {
    const { core } = test
    const broken = join(folder, 'broken.berth')
    await copyFile(file, broken)
    const { size } = await stat(broken)
    const name = uniqueName('broken')
    const handle = await open(broken, 'r+')
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, size - 20)
    await handle.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, size - 20)
    const { operation } = await core.archives.import({ file: broken, name, start: true })
    const { error, steps } = await core.operations.whenEnded(operation.id)
    expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' })
    expect(steps.filter(({ startedAt }) => startedAt !== null).map((step) => step.name)).toEqual(['check'])
    await handle.truncate(size - 1)
    await handle.close()
    await expect(core.archives.import({ file: broken, name, start: true })).rejects.toMatchObject({ data: { reason: 'truncated' } })
    expect(await leftOnEngine(name)).toEqual([])
    await done(core, core.workspaces.start({ name }))
  })

  longIt('on another engine all of it is there', async () => {
    const second = await startSecondEngine({ image: LOCAL_IMAGE })
    try {
      const other = await createTestCore({ engineEndpoint: second.endpoint })
      try {
        expect(await other.core.local.engine.reconnect()).toMatchObject({ status: 'connected', endpoint: second.endpoint })
        const name = uniqueName('import')
        const { operation } = await other.core.archives.import({ file, name, start: true })
        expect((await other.core.operations.whenEnded(operation.id)).error).toBeNull()
        expect(other.core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
        expect(await inside(other.core, name, WALK)).toBe(await inside(test.core, source, WALK))
        expect(await inside(other.core, name, 'cat /opt/installed')).toBe('installed')
        expect(await inside(other.core, name, ATTRIBUTES, 'root')).toBe('y')
        expect(await inside(other.core, name, 'docker run --rm tiny:1 /bin/echo nested')).toBe('nested')
      } finally {
        await other.dispose()
      }
    } finally {
      await second.dispose()
    }
  })

  longIt('memory stays flat', async () => {
    const { core } = test
    const name = uniqueName('large')
    await done(core, core.workspaces.start({ name }))
    await inside(
      core,
      name,
      'head -c 500M /dev/urandom > ~/noise; truncate -s 500M ~/hole; mkdir ~/many; cd ~/many; seq 20000 | xargs -n 500 touch',
    )
    const before = process.memoryUsage().rss
    let highest = before
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss)
    }, 50)
    const large = await exported(name)
    const copy = await imported(large, false)
    clearInterval(watch)
    expect((highest - before) / 1e6, 'growth in MB').toBeLessThan(100)
    expect((await stat(large)).size, 'a hole takes no room').toBeLessThan(900e6)
    await done(core, core.workspaces.delete(copy))
    await done(core, core.workspaces.delete(name))
  })

  function stepRuns(operationId: string, name: string): Promise<void> {
    return new Promise((resolve) => {
      const look = ({ id, steps }: Operation) => {
        if (id !== operationId || steps.find((step) => step.name === name)?.status !== 'running') return
        unsubscribe()
        resolve()
      }
      const unsubscribe = test.core.operations.onChange(look)
      look(test.core.operations.get(operationId))
    })
  }
})
