import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type FakeBerth, serveFakeBerth } from './fake-berth'
import { type FakeHost, fakeHost } from './fake-host'
import { runMain } from './run-main'

/** A fake Berth with workspaces of those names, for each test of the file anew, and the command line beside it. */
export function useFakeBerth(names: string[]) {
  let home = ''
  let berth: FakeBerth | null = null
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'berth-cli-'))
    berth = await serveFakeBerth(home, { names })
  })
  afterEach(async () => {
    await berth?.close()
    await rm(home, { recursive: true })
  })
  return {
    get home() {
      return home
    },
    get berth() {
      if (!berth) throw new Error('there is a Berth while tests run')
      return berth
    },
    run: (argv: string[], host: FakeHost = fakeHost(home)) => runMain(argv, host),
  }
}
