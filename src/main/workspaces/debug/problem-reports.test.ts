import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Settings } from '../../../shared/contract/settings'
import type { SystemInfo } from '../../../shared/contract/system'
import { SETTING_KEYS, SETTINGS } from '../../../shared/settings/settings-table'
import { workspace } from '../../../shared/testing/workspace'
import { createProblemReports } from './problem-reports'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-report-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const defaults = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default])) as Settings

function reports(settings: Partial<Settings> = {}) {
  const problem = { code: 'REPO_CLONE_FAILED' as const, message: 'https://me:pass@host/a.git said no.', next: 'Try again.', data: {} }
  return createProblemReports({
    info: { version: '1.2.3', door: 'desktop', platform: 'linux', arch: 'x64' } as SystemInfo,
    logFile: join(folder, 'desktop.log'),
    userHome: '/home/me',
    engines: () => [],
    settings: () => ({ ...defaults, ...settings }),
    workspaces: () => [workspace({ status: 'running', problem, label: 'Secret project' })],
    findings: async () => [],
    secrets: async () => ['value of a variable'],
  })
}

test('has what is needed to look into a problem, and no secrets', async () => {
  await writeFile(
    join(folder, 'desktop.log'),
    'old\n{"msg":"took value of a variable, ghp_123456 and http://127.0.0.1:1/#token=abc-def","file":"/home/me/x"}\n',
  )
  const report = await reports({ githubToken: 'ghp_abcdef', terminalScrollback: 123 }).create()
  for (const part of [
    '## What happened',
    'Berth 1.2.3 (desktop)',
    'container, running',
    'terminalScrollback: 123',
    'githubToken: ***',
    '"file":"~/x"',
    'old',
  ])
    expect(report).toContain(part)
  for (const secret of ['value of', 'ghp_', 'abc-def', 'me:pass', 'Secret project', '/home/me']) expect(report).not.toContain(secret)
})

test('says when there is no log', async () => {
  expect(await reports().create()).toContain('There is none')
})
