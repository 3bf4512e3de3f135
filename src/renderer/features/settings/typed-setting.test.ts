import { describe, expect, it } from 'vitest'
import { NOT_A_SIZE } from '../../../shared/byte-size'
import { SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { checkTyped, isTyped, typedText } from './typed-setting'

function check(key: SettingKey, typed: string) {
  const setting = SETTINGS[key]
  if (!isTyped(setting)) throw new Error(`${key} is not typed.`)
  const { problem, change } = checkTyped(key, setting, typed)
  return change === null ? { problem } : { value: change[key], shown: typedText(setting, change[key]) }
}

describe('settings as they are typed', () => {
  it.each<[SettingKey, string, unknown, string]>([
    ['terminalFontSize', ' 13 ', 13, '13'],
    ['terminalScrollback', '0', 0, '0'],
    ['automaticSnapshotsKept', '100', 100, '100'],
    ['image', '', null, ''],
    ['image', ' debian:12 ', 'debian:12', 'debian:12'],
    ['engineEndpoint', ' ', null, ''],
    ['engineEndpoint', 'unix:///var/run/docker.sock', 'unix:///var/run/docker.sock', 'unix:///var/run/docker.sock'],
    ['terminalFontFamily', ' JetBrains Mono NL ', 'JetBrains Mono NL', 'JetBrains Mono NL'],
    ['totalDiskBytes', '20 GiB', 20 * 1024 ** 3, '20 GiB'],
    ['totalDiskBytes', '', null, ''],
    ['env', 'A=1\n\nB=x y', { A: '1', B: 'x y' }, 'A=1\nB=x y'],
    ['visibleWorkspaces', 'api,db\n\n web , api ', [['api', 'db'], ['web', 'api']], 'api, db\nweb, api'], // biome-ignore format: a row
  ])('%s takes %j', (key, typed, value, shown) => {
    expect(check(key, typed)).toEqual({ value, shown })
  })

  it.each<[SettingKey, string, string]>([
    ['terminalFontSize', '7', 'Enter a whole number from 8 to 32.'],
    ['terminalFontSize', 'big', 'Enter a whole number from 8 to 32.'],
    ['terminalScrollback', '100001', 'Enter a whole number from 0 to 100,000.'],
    ['automaticSnapshotsKept', '1.5', 'Enter a whole number from 0 to 100.'],
    ['automaticSnapshotsKept', '', 'Enter a whole number from 0 to 100.'],
    ['engineEndpoint', '/var/run/docker.sock', 'Enter an address such as unix:///var/run/docker.sock or tcp://host:2375.'],
    ['terminalFontFamily', 'Hack; color: red', 'Enter the name of a font, or several separated by commas.'],
    ['totalDiskBytes', 'much', NOT_A_SIZE],
    ['totalDiskBytes', '1 MiB', 'Enter a size from 64 MiB to 1024 TiB.'],
    ['visibleWorkspaces', 'api', 'Enter at least two names per group, separated by commas.'],
    ['image', 'debian/', 'Invalid image reference. Use a name such as “debian:12” or “registry.example.com/team/image:tag”.'],
  ])('%s refuses %j with the reason', (key, typed, problem) => {
    expect(check(key, typed)).toEqual({ problem })
  })
})
