import type { Settings } from '../../../shared/contract/settings'

export type SettingKey = keyof Settings

/** By hand, so that completion and help do without loading the schemas; the type has it complete. */
const KEYS: Record<SettingKey, true> = {
  sshPorts: true,
  sshAddress: true,
  engineEndpoint: true,
  image: true,
  env: true,
  stopWorkspacesOnQuit: true,
  newWorkspaceStorage: true,
  totalDiskBytes: true,
  snapshotBeforeRestore: true,
  automaticSnapshotsKept: true,
  forwardPorts: true,
  visibleWorkspaces: true,
  theme: true,
  terminalFontSize: true,
  terminalFontFamily: true,
  terminalScrollback: true,
  terminalCopyOnSelect: true,
  terminalBell: true,
}

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(KEYS, key)
}

export const SETTING_KEYS: readonly SettingKey[] = Object.keys(KEYS).filter(isSettingKey)
