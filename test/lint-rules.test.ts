import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseOptions } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
let house: string
let options: ICruiseOptions

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'berth-house-'))
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'))
  options = await extractDepcruiseOptions(join(root, '.dependency-cruiser.cjs'))
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) await cp(join(root, file), join(house, file))
})

afterAll(() => rm(house, { recursive: true, force: true }))

/** Checks a house of these files alone; what is wrong with it, empty when nothing is. */
async function violations(files: Record<string, string>): Promise<string> {
  await rm(join(house, 'src'), { recursive: true, force: true })
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(house, path)), { recursive: true })
    await writeFile(join(house, path), text)
  }
  const { output } = await cruise(['src'], { ...options, baseDir: house, outputType: 'err' }, undefined, {
    tsConfig: extractTSConfig(join(house, 'tsconfig.json')),
  })
  const report = String(output)
  return report.includes('dependency violations (') ? report : ''
}

const name = "export const name = 'berth'\n"

describe('the rules for imports', () => {
  test('let each room import what it may', async () => {
    expect(
      await violations({
        'src/shared/name.ts': name,
        'src/renderer/page.ts': "export { name } from '../shared/name'\n",
        'src/main/engine/client.ts': "import Docker from 'dockerode'\nexport const client = () => new Docker()\n",
        'src/main/ports/allocator.ts': "export { client } from '../engine/client'\n",
        'src/main/desktop/app.ts': "import { app } from 'electron'\nexport const quit = () => app.quit()\n",
        'src/preload/index.ts': "import { contextBridge } from 'electron'\nexport { contextBridge }\n",
      }),
    ).toBe('')
  })

  test.each(['renderer', 'cli', 'preload', 'shared'])('keep src/%s from importing src/main', async (room) => {
    const found = await violations({
      'src/main/settings/name.ts': name,
      [`src/${room}/page.ts`]: "export { name } from '../main/settings/name'\n",
    })
    expect(found).toContain(`room src/${room}: src/${room}/page.ts → src/main/settings/name.ts`)
  })

  test.each([
    ['main/workspaces', "import Docker from 'dockerode'\nexport const client = () => new Docker()\n"],
    ['main/images', "import type Docker from 'dockerode'\nexport type Client = Docker\n"],
    ['cli', "export const load = () => import('dockerode')\n"],
  ])('let only engine import dockerode, so not src/%s', async (room, text) => {
    expect(await violations({ [`src/${room}/client.ts`]: text })).toContain(`only engine imports dockerode: src/${room}/client.ts → `)
  })

  test.each([
    ['main/headless', "import { app } from 'electron'\nexport const quit = () => app.quit()\n"],
    ['renderer', "import type { App } from 'electron'\nexport type Running = App\n"],
    ['main/settings', "import Store from 'electron-store'\nexport const store = () => new Store()\n"],
  ])('let only desktop and preload import electron, so not src/%s', async (room, text) => {
    expect(await violations({ [`src/${room}/app.ts`]: text })).toContain(`only desktop and preload import electron: src/${room}/app.ts → `)
  })

  test('allow no neighbour that the table does not name', async () => {
    const found = await violations({
      'src/main/engine/client.ts': "export { name } from '../settings/name'\n",
      'src/main/settings/name.ts': name,
    })
    expect(found).toContain('room src/main/engine: src/main/engine/client.ts → src/main/settings/name.ts')
  })

  test('allow no cycle, not even one of types', async () => {
    const found = await violations({
      'src/shared/left.ts': "import type { Right } from './right'\nexport type Left = Right | null\n",
      'src/shared/right.ts': "import type { Left } from './left'\nexport type Right = Left[]\n",
    })
    expect(found).toContain('no cycles')
  })

  test('keep Node and React out of src/shared', async () => {
    const found = await violations({
      'src/shared/path.ts': "export { join } from 'node:path'\n",
      'src/shared/view.ts': "export { useState } from 'react'\n",
    })
    expect(found).toContain('shared and renderer do without Node')
    expect(found).toContain('shared does without React')
  })
})
