import { expect, test } from 'vitest'
import { schemaOfSetting, settingsPatchSchema } from '../../../shared/contract/settings'
import { list } from '../../../shared/settings/setting-kinds'
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { buildProgram } from '../../program'
import { parseSetting, settingText } from './setting-values'

const parse = (key: SettingKey, values: string[]) => ({ [key]: parseSetting(key, SETTINGS[key], values, {}) })

test('each setting has a form on the command line that the contract takes', () => {
  const values: Record<string, string[]> = {
    sshPorts: ['2200-2300'],
    sshAddress: ['0.0.0.0'],
    defaultEngine: ['big'],
    engineEndpoint: ['unix:///run/podman.sock'],
    image: ['default'],
    env: ['A=1', 'B=x y'],
    timeZone: ['Europe/Berlin'],
    libraryFolder: ['~/library'],
    locale: ['de_DE.UTF-8'],
    hostFolder: ['~/work'],
    hostWorkspaces: ['true'],
    initScript: ['~/init.sh'],
    postStart: ['/a', '~/b'],
    devcontainers: ['always'],
    postStartTimeoutSeconds: ['30'],
    postStartFailOnError: ['true'],
    stopWorkspacesOnQuit: ['true'],
    updates: ['beta'],
    snapshotBeforeRestore: ['false'],
    totalDiskBytes: ['200G'],
    newWorkspaceStorage: ['btrfs'],
    automaticSnapshotsKept: ['5'],
    keptLayerMegabytes: ['200'],
    forwardPorts: ['auto'],
    visibleWorkspaces: ['api,db', 'web,api'],
    theme: ['dark'],
    terminalFontSize: ['14'],
    terminalFontFamily: ['Fira Mono'],
    terminalScrollback: ['5000'],
    terminalCopyOnSelect: ['true'],
    terminalBell: ['off'],
    syncGitConfig: ['false'],
    syncFiles: ['~/.config/nvim', '/etc/hosts:~/hosts'],
    syncSshKeys: ['~/.ssh/id_ed25519'],
    authorizedKeys: ['~/keys'],
    sshAgent: ['off'],
    githubToken: ['ghp_x'],
    codingAgents: ['claude', 'codex'],
    gitCredentialHosts: ['git.example.com', 'http://localhost:3000'],
    nestedAddressPools: ['base=10.10.0.0/16,size=24'],
  }
  const patches = SETTING_KEYS.map((key) => settingsPatchSchema.parse(parse(key, values[key] ?? [])))
  expect(Object.assign({}, ...patches)).toEqual({
    sshPorts: { from: 2200, to: 2300 },
    sshAddress: '0.0.0.0',
    defaultEngine: 'big',
    engineEndpoint: 'unix:///run/podman.sock',
    image: null,
    env: { A: '1', B: 'x y' },
    timeZone: 'Europe/Berlin',
    libraryFolder: '~/library',
    locale: 'de_DE.UTF-8',
    hostFolder: '~/work',
    hostWorkspaces: true,
    initScript: '~/init.sh',
    postStart: ['/a', '~/b'],
    devcontainers: 'always',
    postStartTimeoutSeconds: 30,
    postStartFailOnError: true,
    stopWorkspacesOnQuit: true,
    updates: 'beta',
    snapshotBeforeRestore: false,
    newWorkspaceStorage: 'btrfs',
    totalDiskBytes: 200 * 1024 ** 3,
    automaticSnapshotsKept: 5,
    keptLayerMegabytes: 200,
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
    syncGitConfig: false,
    syncFiles: ['~/.config/nvim', '/etc/hosts:~/hosts'],
    syncSshKeys: ['~/.ssh/id_ed25519'],
    authorizedKeys: ['~/keys'],
    sshAgent: 'off',
    githubToken: 'ghp_x',
    codingAgents: ['claude', 'codex'],
    gitCredentialHosts: ['git.example.com', 'http://localhost:3000'],
    nestedAddressPools: ['base=10.10.0.0/16,size=24'],
  })
})

test('help tells of each setting', () => {
  const set = buildProgram('0.0.0', async () => {})
    .commands.find((command) => command.name() === 'settings')
    ?.commands.find((command) => command.name() === 'set')
  let help = ''
  set?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  for (const key of SETTING_KEYS) expect(help).toContain(`  ${key} `)
  expect(help).toContain('theme system|light|dark')
  expect(help).toContain('terminalFontSize 8-32')
})

test('a list takes an argument for each item, and none for none', () => {
  const hosts = list({ section: 'network', title: 'Hosts', placeholder: 'a host a line', maxItems: 2, maxLength: 5, default: [] })
  const schema = schemaOfSetting(hosts)
  expect(schema.parse(parseSetting('hosts', hosts, ['a', 'b c'], {}))).toEqual(['a', 'b c'])
  expect(schema.parse(parseSetting('hosts', hosts, ['default'], {}))).toEqual([])
  expect(schema.safeParse(['a', 'b', 'c']).error?.issues[0]?.message).toBe('Enter at most 2 lines.')
  expect(settingText(['a', 'b'])).toBe('a b')
})

test('a value that cannot be is refused with what can', () => {
  expect(() => parse('theme', ['pink'])).toThrow(expect.objectContaining({ exitCode: 2, next: 'Give one of system, light, dark.' }))
  expect(() => parse('sshPorts', ['2200'])).toThrow('not a range')
  expect(() => parse('sshPorts', ['2200-x'])).toThrow('cannot be “x”')
  expect(() => parse('visibleWorkspaces', ['api'])).toThrow('not a group')
  expect(() => parse('image', ['a', 'b'])).toThrow('takes one value')
})

test('an empty value empties the environment', () => {
  expect(parse('env', [''])).toEqual({ env: {} })
})

test('settings are printed in the form in which they are set', () => {
  expect(settingText({ from: 2200, to: 2400 })).toBe('2200-2400')
  expect(settingText(null)).toBe('default')
  expect(settingText({ A: '1', from: 'x' })).toBe('A=1 from=x')
  expect(settingText(false)).toBe('false')
})
