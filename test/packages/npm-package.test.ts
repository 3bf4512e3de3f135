import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { debianObstacle, ensureRoot } from '../support/debian-system'
import { itLivesAsPackage, OLD } from './life-of-package'

const run = promisify(execFile)
const ROOT = 'debian-with-npm'
const obstacle = debianObstacle(ROOT)

// On a server: a Debian with npm.
describe.skipIf(obstacle !== null)(`the package for npm${obstacle === null ? '' : ` (${obstacle})`}`, () => {
  itLivesAsPackage(
    {
      id: 'npm',
      root: () => ensureRoot(ROOT, ['nodejs', 'npm', 'ca-certificates', 'curl']),
      environment: async () => ({ npm_config_registry: (await run('npm', ['config', 'get', 'registry'])).stdout.trim() }),
      pack: async (checkout, outDir) => void (await run('node', [join(checkout, 'script/lib/package-npm.mjs'), outDir], { cwd: checkout })),
      file: (version) => `berth-${version}.tgz`,
      install: (version) => `npm install -g --no-audit --no-fund /mnt/berth-${version}.tgz`,
      remove: 'npm uninstall -g berth',
      program: '/usr/local/lib/node_modules/berth/bin/berth',
      ports: { from: 23900, to: 23939 },
    },
    (machine) => {
      it('is what npm says', async () => {
        const listed = JSON.parse(await machine().inside('npm ls -g berth --json'))
        expect(listed.dependencies.berth.version).toBe(OLD)
      })
    },
  )
})
