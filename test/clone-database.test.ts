import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StorageDriverName } from '../src/shared/storage-driver-name'
import { inContainer } from '../src/shared/testing/in-container'
import { areLongRun } from './support/long'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

/** SQLite with a write-ahead log; a row at a time, each on the disk before the next. Says how far it is when asked. */
const DATABASE = `
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync('/data/db')
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table if not exists entry (n integer primary key, twice integer, pad text)')
  const insert = db.prepare('insert into entry (twice, pad) values (2 * (select coalesce(max(n), 0) + 1 from entry), hex(randomblob(300)))')
  setInterval(() => insert.run(), 2)`

/** Its own check, and whether every row up to the last is there and right. */
const CHECK = `
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync('/data/db')
  const [{ integrity_check: check }] = db.prepare('pragma integrity_check').all()
  const { rows, last, wrong } = db.prepare('select count(*) rows, max(n) last, sum(twice <> 2 * n) wrong from entry').get()
  console.log(check, rows === last && wrong === 0 ? last : 'rows are missing')`

describe('a database in a nested container', () => {
  let test: TestCore
  beforeAll(async () => {
    test = await createTestCore()
  })
  afterAll(async () => {
    const { core } = test
    for (const { id } of core.workspaces.list()) await done(core, core.workspaces.delete(id))
    await core.local.storageSettings.disable()
    await test.dispose()
  })

  /** An image of nothing but this Node, made in the workspace. */
  async function importNode(workspace: string): Promise<void> {
    const { stdout } = await run('ldd', [process.execPath])
    const libraries = [...stdout.matchAll(/(\/\S+) \(/g)].map(([, path = '']) => path)
    const files = [process.execPath, ...libraries].map((path) => path.slice(1))
    const tar = spawn('tar', ['--dereference', '-C', '/', '-c', ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
    const container = inContainer(test.core.workspaces.get(workspace)).containerName
    const load = spawn('docker', ['exec', '-i', container, 'docker', 'import', '-', 'node:1'], { stdio: [tar.stdout, 'ignore', 'inherit'] })
    expect((await once(load, 'exit'))[0]).toBe(0)
  }

  async function rowsOf(workspace: string): Promise<number> {
    const { stdout, stderr, exitCode } = await test.core.workspaces.exec(workspace, {
      command: ['docker', 'exec', 'database', process.execPath, '-e', CHECK],
      user: 'workspace',
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) })
    expect(stdout).toMatch(/^ok \d+\n$/)
    return Number(stdout.slice(3))
  }

  it.each<StorageDriverName>(areLongRun ? ['plain', 'btrfs'] : ['plain'])(
    'goes on in the clone from where the source was, and passes its own check (%s)',
    async (driver) => {
      const { core } = test
      if (driver === 'btrfs') await core.local.storageSettings.enable(2 * 1024 ** 3)
      const [source, name] = [uniqueName('database'), uniqueName('clone')]
      await done(core, core.workspaces.start({ name: source }))
      expect(core.workspaces.get(source).storage).toBe(driver)
      await importNode(source)
      await inside(
        core,
        source,
        `docker run -d --restart always --network none --name database -v data:/data node:1 ${process.execPath} -e "${DATABASE}"`,
      )
      await inside(core, source, 'until sudo test -e /var/lib/docker/volumes/data/_data/db-wal 2>/dev/null; do sleep 0.1; done; sleep 1')
      const before = await rowsOf(source)
      await done(core, core.copies.clone(source, { name, stop: false, start: true }))
      await inside(core, name, 'until [ "$(docker inspect -f "{{.State.Running}}" database)" = true ]; do sleep 0.1; done')
      const cloned = await rowsOf(name)
      expect(before).toBeGreaterThan(0)
      expect(cloned).toBeGreaterThanOrEqual(before)
      await inside(core, name, 'sleep 1')
      expect(await rowsOf(name)).toBeGreaterThan(cloned)
      // The source never noticed.
      expect(await rowsOf(source)).toBeGreaterThan(before)
      expect(await inside(core, source, 'docker inspect -f "{{.RestartCount}}" database')).toBe('0')
    },
  )
})
