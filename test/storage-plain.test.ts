import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../src/main/engine/engine'
import { createPlainDriver } from '../src/main/storage/drivers/plain-driver'
import { LABEL_OWNER } from '../src/main/storage/drivers/storage-context'
import type { CopyOptions, StorageDriver } from '../src/main/storage/drivers/storage-driver'
import { longIt } from './support/long'
import { connectEngine } from './support/test-container'
import { docker, uniqueName } from './support/test-core'
import { differences, helperImage, inVolumes, startInVolumes } from './support/volume-tree'

/** How often the copy is tried against a source that changes; more for a long hunt. */
const ROUNDS = Number(process.env.BERTH_TEST_ROUNDS ?? 3)

const owner = uniqueName('owner')
const labels = { [LABEL_OWNER]: owner, 'dev.berth.id': 'w1' }

/** Everything that can be in a home folder or below a nested engine's /var/lib/docker. */
const MAKE_ALL_KINDS = `
set -e; cd /a
mkdir -p docs/deep/er empty 'name with
line end' sticky; chmod 1777 sticky; chmod 2750 docs; chown 1000:1001 docs
head -c 300000 /dev/urandom >docs/random; echo hello >docs/deep/er/text; : >nothing; printf x >'odd  name *?'
ln docs/random hard; ln docs/random docs/deep/hard-too; ln -s docs/random soft; ln -s /nowhere/at/all dangling; ln -s loop loop
chown -h 1000:1000 soft
truncate -s 200M holes; printf start | dd of=holes conv=notrunc status=none; printf end | dd of=holes bs=1 seek=150000000 conv=notrunc status=none
fallocate -l 4M full-size; mkfifo pipe; mknod whiteout c 0 0; mknod block b 7 200; mknod tty c 5 0; chmod 640 tty
perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("/a/socket")) or die'
printf '#!/bin/sh\\n' >suid; chmod 4755 suid; chown 1000:1000 docs/deep/er/text; chmod 4711 docs/deep/er/text
perl -e '
  use strict; require "syscall.ph" if 0;
  sub set { my ($path, $name, $value) = @_; syscall(188, $path, $name, $value, length $value, 0) == 0 or die "$path $name: $!" }
  set("/a/docs", "trusted.overlay.opaque", "y"); set("/a/docs/random", "user.note", "a" x 900); set("/a/hard", "user.empty", "");
  set("/a/sticky", "trusted.overlay.redirect", "/else\\0where"); set("/a/suid", "security.capability", pack("VVVVV", 0x02000001, 0x400, 0, 0, 0));
  set("/a/docs/deep", "system.posix_acl_access", pack("V(vvV)5", 2, 1,7,0xffffffff, 2,5,1005, 4,5,0xffffffff, 16,5,0xffffffff, 32,0,0xffffffff));
  set("/a/docs/deep", "system.posix_acl_default", pack("V(vvV)5", 2, 1,7,0xffffffff, 2,6,1006, 4,5,0xffffffff, 16,7,0xffffffff, 32,4,0xffffffff));
'
touch -d '2001-02-03 04:05:06.123456789' docs/deep/er/text docs empty; touch -hd '1999-12-31 23:59:59.987654321' soft pipe whiteout
`

/** Writes, renames, deletes and links without pause, until it is stopped; says when it has begun. */
const KEEP_CHANGING = `
cd /a; mkdir -p busy moving; echo begun
perl -e '
  $| = 1; srand 7; my $i = 0;
  open my $grown, ">>", "/a/busy/grown" or die; open my $held, "+>", "/a/busy/held" or die; print $held "x" x 4096;
  while (1) {
    $i++; my $f = "/a/busy/f" . int rand 300;
    my $what = int rand 9;
    if ($what < 3) { open my $o, ">", $f or next; print $o rand() x (1 + rand 2000); close $o }
    elsif ($what == 3) { rename $f, "/a/busy/f" . int rand 300 }
    elsif ($what == 4) { unlink $f }
    elsif ($what == 5) { link $f, "/a/busy/f" . int rand 300 }
    elsif ($what == 6) { chmod 0600 + int(rand 64), $f; utime 1, 1000000000 + $i, $f }
    elsif ($what == 7) { my $d = "/a/moving/d" . int rand 20; my $e = "/a/moving/d" . int rand 20; mkdir $d; open my $o, ">", "$d/in" . int rand 50; print $o "$i"; close $o; rename $d, "$e" or rename $d, "$e/sub" }
    else { syswrite $grown, "$i\\n"; seek $held, int(rand 4096), 0; syswrite $held, "y"; symlink "to$i", "/a/busy/s" . int rand 50; unlink "/a/busy/s" . int rand 50 }
  }
'
`

let engine: Engine
let driver: StorageDriver
const made: string[] = []
const containers: { remove(options: { force: boolean }): Promise<unknown> }[] = []

function volumeName(): string {
  const name = uniqueName('storage')
  made.push(name)
  return name
}

async function madeVolume(script = 'true'): Promise<string> {
  const name = volumeName()
  await driver.create(name, labels)
  await inVolumes([name], script)
  return name
}

const still: CopyOptions = { freeze: null, signal: new AbortController().signal, onProgress: () => undefined }

beforeAll(async () => {
  engine = await connectEngine()
  driver = createPlainDriver({ engine, installationId: owner, helperImage: () => Promise.resolve(helperImage), recordedVolume: () => null })
})
afterEach(async () => {
  for (const container of containers.splice(0)) await container.remove({ force: true })
  for (const name of made.splice(0)) await engine.volumes.remove(name)
  const helpers = await docker.listContainers({ all: true, filters: { label: [`${LABEL_OWNER}=${owner}`] } })
  expect(helpers).toEqual([])
})
afterAll(() => engine.close())

describe('a plain copy', () => {
  it('has every kind of file as it was: names, modes, owners, times, links, holes, attributes, devices', async () => {
    const from = await madeVolume(MAKE_ALL_KINDS)
    const to = volumeName()
    await driver.copy([{ from, to, labels }], still)
    expect(await differences(from, to)).toBe('')
    const live = volumeName()
    await driver.copy([{ from, to: live, labels }], { ...still, freeze: (during) => during() })
    expect(await differences(from, live)).toBe('')
    expect((await docker.getVolume(to).inspect()).Labels).toEqual(labels)
  })

  longIt('of a source that is written to, renamed and deleted in is as the source was while it stood still', async () => {
    const from = await madeVolume(MAKE_ALL_KINDS)
    await inVolumes(
      [from],
      'cd /a && rm full-size && mkdir many && cd many && for i in $(seq 40); do mkdir $i; for j in $(seq 100); do echo $i$j >$i/$j; done; done',
    )
    for (let round = 0; round < ROUNDS; round++) {
      const to = volumeName()
      const kept = volumeName()
      const writer = await startInVolumes([from], ['bash', '-c', KEEP_CHANGING])
      containers.push(writer)
      await driver.copy([{ from, to, labels }], {
        ...still,
        async freeze(during) {
          await writer.pause()
          try {
            await during()
            await docker.createVolume({ Name: kept })
            await inVolumes([from, kept], 'cp -a /a/. /b/')
          } finally {
            await writer.unpause()
          }
        },
      })
      await writer.kill()
      expect(await differences(kept, to), `round ${round}`).toBe('')
    }
  })

  it('reaches paths longer than any program could name', async () => {
    const deep = 'd=$(printf "x%.0s" $(seq 200)); cd /a; for i in $(seq 30); do mkdir $d; cd $d; done 2>/dev/null; echo here >file'
    const from = await madeVolume(deep)
    const to = volumeName()
    await driver.copy([{ from, to, labels }], still)
    expect(await inVolumes([to], 'cd /a; while cd x* 2>/dev/null; do n=$((n + 1)); done; echo $n $(cat file)')).toBe('30 here')
  })

  it('reports bytes, up to their total', async () => {
    const from = await madeVolume('for i in $(seq 20); do head -c 3000000 /dev/urandom >/a/$i; done')
    const seen: number[] = []
    let total: number | null = null
    await driver.copy([{ from, to: volumeName(), labels }], {
      ...still,
      onProgress({ doneBytes, totalBytes }) {
        seen.push(doneBytes)
        total = totalBytes
      },
    })
    expect(seen).toEqual([...seen].sort((one, other) => one - other))
    expect(seen.at(-1)).toBe(60_000_000)
    expect(total).toBe(60_000_000)
  })

  it('that is aborted leaves nothing, and says so at once', async () => {
    const from = await madeVolume('for i in $(seq 200); do head -c 2000000 /dev/zero | tr "\\0" x >/a/$i; done')
    const to = volumeName()
    const abort = new AbortController()
    let abortedAt = 0
    const copy = driver.copy([{ from, to, labels }], {
      ...still,
      signal: abort.signal,
      onProgress({ doneBytes }) {
        if (doneBytes === 0 || abort.signal.aborted) return
        abortedAt = Date.now()
        abort.abort()
      },
    })
    await expect(copy).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(Date.now() - abortedAt).toBeLessThan(3000)
    expect(await engine.volumes.inspect(to)).toBeNull()
    expect(await inVolumes([from], 'ls /a | wc -l')).toBe('200')
  })

  it('without enough space fails with DISK_FULL and leaves nothing; the source keeps running', async () => {
    const from = await madeVolume('head -c 30000000 /dev/urandom >/a/big')
    const to = volumeName()
    const small = createPlainDriver({
      engine: {
        ...engine,
        volumes: {
          ...engine.volumes,
          create: (name, given) => engine.volumes.create(name, given, { type: 'tmpfs', device: 'tmpfs', o: 'size=10m' }),
        },
      },
      installationId: owner,
      helperImage: () => Promise.resolve(helperImage),
      recordedVolume: () => null,
    })
    let frozen = 0
    const copy = small.copy([{ from, to, labels }], {
      ...still,
      async freeze(during) {
        frozen++
        await during()
      },
    })
    await expect(copy).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(frozen).toBe(0)
    expect(await engine.volumes.inspect(to)).toBeNull()
  })

  it('never goes into a volume that is there, and does not invent a source', async () => {
    const from = await madeVolume('echo one >/a/file')
    const to = await madeVolume('echo two >/a/file')
    await expect(driver.copy([{ from, to, labels }], still)).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE' })
    expect(await inVolumes([to], 'cat /a/file')).toBe('two')
    const missing = uniqueName('storage')
    await expect(driver.copy([{ from: missing, to: volumeName(), labels }], still)).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
    expect(await engine.volumes.inspect(missing)).toBeNull()
  })

  it('copies a tree in which folders were renamed during the first pass without reading their files again', async () => {
    const from = await madeVolume(
      'mkdir -p /a/one/two && cd /a/one/two && for i in $(seq 300); do head -c 100000 /dev/urandom >$i; done; ln 1 hard',
    )
    const to = volumeName()
    let before = 0
    let last = 0
    await driver.copy([{ from, to, labels }], {
      ...still,
      onProgress: ({ doneBytes }) => {
        last = doneBytes
      },
      async freeze(during) {
        await inVolumes([from], 'cd /a && mv one/two three && mkdir one/two && echo new >one/two/1 && mv three/5 three/6')
        before = last
        await during()
      },
    })
    expect(await differences(from, to)).toBe('')
    // The one that was renamed itself, and the new one.
    expect(last - before).toBeLessThan(300_000)
  })
})

describe('a plain volume', () => {
  it('is measured in bytes on disk, hard links once', async () => {
    const one = await madeVolume('head -c 1000000 /dev/urandom >/a/x; ln /a/x /a/y; truncate -s 1G /a/hole')
    const uses = await driver.measure([one, uniqueName('none')], new AbortController().signal)
    expect([...uses.keys()]).toEqual([one])
    expect(uses.get(one)?.bytes).toBeGreaterThan(999_999)
    expect(uses.get(one)?.bytes).toBeLessThan(1_200_000)
  })

  it('is made once, and not taken from another', async () => {
    const name = await madeVolume('echo mine >/a/file')
    await driver.create(name, labels)
    expect(await inVolumes([name], 'cat /a/file')).toBe('mine')
    await expect(driver.create(name, { ...labels, 'dev.berth.id': 'w2' })).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE' })
    await driver.remove(name)
    await driver.remove(name)
    expect(await driver.limit([name], 1)).toBe(false)
  })
})
