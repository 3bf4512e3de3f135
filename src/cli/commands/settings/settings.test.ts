import { expect, test } from 'vitest'
import { settingsPatchSchema, settingsSchema } from '../../../shared/contract/settings'
import { SETTING_KEYS } from './setting-keys'
import { settingsPatch, settingText } from './settings'

test('each setting has a form on the command line that the contract takes', () => {
  const values: Record<string, string[]> = {
    sshPorts: ['2200-2300'],
    sshAddress: ['0.0.0.0'],
    engineEndpoint: ['unix:///run/podman.sock'],
    image: ['default'],
    env: ['A=1', 'B=x y'],
    stopWorkspacesOnQuit: ['true'],
    snapshotBeforeRestore: ['false'],
    totalDiskBytes: ['200G'],
    newWorkspaceStorage: ['btrfs'],
    automaticSnapshotsKept: ['5'],
    forwardPorts: ['auto'],
    visibleWorkspaces: ['api,db', 'web,api'],
    theme: ['dark'],
    terminalFontSize: ['14'],
    terminalFontFamily: ['Fira Mono'],
    terminalScrollback: ['5000'],
    terminalCopyOnSelect: ['true'],
    terminalBell: ['off'],
  }
  const patches = SETTING_KEYS.map((key) => settingsPatchSchema.parse(settingsPatch(key, values[key] ?? [], {})))
  expect(Object.assign({}, ...patches)).toEqual({
    sshPorts: { from: 2200, to: 2300 },
    sshAddress: '0.0.0.0',
    engineEndpoint: 'unix:///run/podman.sock',
    image: null,
    env: { A: '1', B: 'x y' },
    stopWorkspacesOnQuit: true,
    snapshotBeforeRestore: false,
    newWorkspaceStorage: 'btrfs',
    totalDiskBytes: 200 * 1024 ** 3,
    automaticSnapshotsKept: 5,
    forwardPorts: 'auto',
    visibleWorkspaces: [
      ['api', 'db'],
      ['web', 'api'],
    ],
    theme: 'dark',
    terminalFontSize: 14,
    terminalFontFamily: 'Fira Mono',
    terminalScrollback: 5000,
    terminalCopyOnSelect: true,
    terminalBell: 'off',
  })
})

test('the keys are those of the contract', () => {
  expect([...SETTING_KEYS].sort()).toEqual(Object.keys(settingsSchema.shape).sort())
})

test('a value that cannot be is refused with what can', () => {
  expect(() => settingsPatch('theme', ['pink'], {})).toThrow(
    expect.objectContaining({ exitCode: 2, next: 'Give one of system, light, dark.' }),
  )
  expect(() => settingsPatch('sshPorts', ['2200'], {})).toThrow('not a range')
  expect(() => settingsPatch('sshPorts', ['2200-x'], {})).toThrow('cannot be “x”')
  expect(() => settingsPatch('visibleWorkspaces', ['api'], {})).toThrow('not a group')
  expect(() => settingsPatch('image', ['a', 'b'], {})).toThrow('takes one value')
})

test('an empty value empties the environment', () => {
  expect(settingsPatch('env', [''], {})).toEqual({ env: {} })
})

test('settings are printed in the form in which they are set', () => {
  expect(settingText({ from: 2200, to: 2400 })).toBe('2200-2400')
  expect(settingText(null)).toBe('default')
  expect(settingText({ A: '1', from: 'x' })).toBe('A=1 from=x')
  expect(settingText(false)).toBe('false')
})
