// A folder like the one that Electron's binary comes in, with what stands in for it: for tests of packages, on machines without Electron. Never for use.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const standIn = resolve(import.meta.dirname)
const node = resolve(import.meta.dirname, '../../node_modules/.bin/node')

/** Runs the app that lies beside it, as Electron's binary does; not from an archive, which Node cannot read. */
const EXECUTABLE = `#!/usr/bin/env bash
set -euo pipefail
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "\${BASH_SOURCE[0]}")")" && pwd -P)
inspect=()
rest=()
for argument in "$@"; do
  case $argument in
    --inspect*) inspect+=("$argument") ;;
    *) rest+=("$argument") ;;
  esac
done
export BERTH_STAND_IN_PACKAGED=$here
exec ${node} --disable-warning=ExperimentalWarning \${inspect[@]+"\${inspect[@]}"} --import ${standIn}/register.ts "$here/resources/app/out/main/desktop.js" \${rest[@]+"\${rest[@]}"}
`

/** Writes it to `folder`, which is emptied. */
export async function makeDistribution(folder) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'resources'), { recursive: true })
  await mkdir(join(folder, 'locales'))
  const files = {
    electron: EXECUTABLE,
    'chrome-sandbox': '#!/bin/sh\n',
    version: '45.4.1',
    LICENSE: 'This is a test’s stand-in for Electron.\n',
    'LICENSES.chromium.html': '<!doctype html>\n',
    'locales/en-US.pak': '',
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  for (const name of ['electron', 'chrome-sandbox']) await chmod(join(folder, name), 0o755)
}
