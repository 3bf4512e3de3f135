import { CODING_AGENTS } from '../coding-agents'
import {
  choice,
  choices,
  groups,
  list,
  number,
  portRange,
  type SettingDefinition,
  secret,
  size,
  text,
  toggle,
  variables,
} from './setting-kinds'

/**
 * The one table of settings, in the order in which doors show them. The contract, `berth settings` with its help and completion, and the
 * Settings screen are derived from it. Without zod, which would double the time of `berth --help`.
 */
export const SETTINGS = {
  theme: choice({
    section: 'appearance',
    title: 'Theme',
    options: [
      { value: 'system', label: 'System' },
      { value: 'light', label: 'Light' },
      { value: 'dark', label: 'Dark' },
    ],
    default: 'system',
  }),
  terminalFontFamily: text({
    section: 'terminal',
    title: 'Terminal font',
    description: 'One font, or several separated by commas. Ligatures are not supported.',
    placeholder: 'Berth’s default',
    maxLength: 256,
    default: null,
  }),
  terminalFontSize: number({
    section: 'terminal',
    title: 'Terminal font size',
    description: 'Size in pixels.',
    min: 8,
    max: 32,
    default: 13,
  }),
  terminalScrollback: number({
    section: 'terminal',
    title: 'Scrollback',
    description: 'Lines kept per session. Ten lines take a few kilobytes of memory.',
    min: 0,
    max: 100_000,
    default: 10_000,
  }),
  terminalCopyOnSelect: toggle({
    section: 'terminal',
    title: 'Copy on select',
    description: 'Copy text as soon as you select it with the mouse.',
    default: false,
  }),
  terminalBell: choice({
    section: 'terminal',
    title: 'Bell',
    description: 'The terminal flashes, and its tab is marked while another one is shown. There is no sound.',
    options: [
      { value: 'visual', label: 'Visible' },
      { value: 'off', label: 'Off' },
    ],
    default: 'visual',
  }),
  image: text({
    section: 'workspaces',
    title: 'Image',
    description: 'Image for new workspaces.',
    placeholder: 'Berth’s image',
    maxLength: 512,
    default: null,
  }),
  env: variables({
    section: 'workspaces',
    title: 'Environment',
    description:
      'Variables for all workspaces. Changes apply to everything that starts from now on: commands, terminals, ssh logins, cron jobs.',
    default: {},
  }),
  libraryFolder: text({
    section: 'workspaces',
    title: 'Library',
    description: 'Folder on this machine with templates, skills and tools. Enter an absolute path, or one that starts with ~/.',
    placeholder: 'library, in the folder of Berth',
    maxLength: 4096,
    default: null,
  }),
  timeZone: text({
    section: 'workspaces',
    title: 'Time zone',
    description: 'Time zone of all workspaces. Changes apply to everything that starts from now on.',
    placeholder: 'same as this machine',
    maxLength: 64,
    default: null,
  }),
  locale: text({
    section: 'workspaces',
    title: 'Locale',
    description: 'Language and formats of all workspaces, such as de_DE.UTF-8. An image without this locale keeps its own, C.UTF-8.',
    placeholder: 'same as this machine',
    maxLength: 64,
    default: null,
  }),
  initScript: text({
    section: 'workspaces',
    title: 'Init script for all workspaces',
    description:
      'A script on this machine. It runs once, as root, at the first start of each new workspace, before the workspace’s own init script.',
    placeholder: 'none',
    maxLength: 4096,
    default: null,
  }),
  hostFolder: text({
    section: 'workspaces',
    title: 'Folder for host workspaces',
    description: 'A new host workspace gets a folder with its name here, unless you choose another folder.',
    placeholder: '~/Berth',
    maxLength: 4096,
    default: null,
  }),
  hostWorkspaces: toggle({
    section: 'workspaces',
    title: 'Host workspaces',
    description: 'Allow workspaces that are folders on this machine. They are not isolated: what runs in them has all your rights.',
    default: false,
  }),
  postStart: list({
    section: 'workspaces',
    title: 'Post-start scripts for all workspaces',
    description: 'One file or folder per line. The scripts run at each start, as the user “workspace”, before the workspace’s own.',
    placeholder: '~/berth/post-start',
    maxItems: 32,
    maxLength: 4096,
    default: [],
  }),
  devcontainers: choice({
    section: 'workspaces',
    title: 'Dev containers',
    description: 'What to do if a repository has a devcontainer.json. Each workspace can override this.',
    options: [
      { value: 'ask', label: 'Ask' },
      { value: 'always', label: 'Open' },
      { value: 'never', label: 'Ignore' },
    ],
    default: 'ask',
  }),
  postStartTimeoutSeconds: number({
    section: 'workspaces',
    title: 'Time limit for post-start scripts',
    description: 'In seconds. A script that takes longer is stopped, with everything it started.',
    min: 1,
    max: 3600,
    default: 60,
  }),
  postStartFailOnError: toggle({
    section: 'workspaces',
    title: 'Fail the start when a post-start script fails',
    description: 'Otherwise the start succeeds and shows a notice.',
    default: false,
  }),
  syncGitConfig: toggle({
    section: 'credentials',
    title: 'Git configuration',
    description: 'Copy ~/.gitconfig and ~/.config/git/config from this machine into all workspaces.',
    default: true,
  }),
  syncFiles: list({
    section: 'credentials',
    title: 'Files for all workspaces',
    description:
      'One file or folder of this machine per line. Each is copied to the same place in the home folder, or to another one with HOST:INSIDE. Changes are copied too.',
    placeholder: '~/.config/nvim\n~/work/npmrc:~/.npmrc',
    maxItems: 64,
    maxLength: 8192,
    default: [],
  }),
  syncSshKeys: list({
    section: 'credentials',
    title: 'SSH keys to copy',
    description: 'Private keys to copy into all workspaces, with their public keys. Forwarding the agent is safer.',
    placeholder: '~/.ssh/id_ed25519',
    maxItems: 32,
    maxLength: 4096,
    default: [],
  }),
  authorizedKeys: list({
    section: 'credentials',
    title: 'SSH keys to authorize',
    description: 'Who else may log in to all workspaces. One public key, or file with public keys, per line.',
    placeholder: 'ssh-ed25519 AAAA… colleague',
    maxItems: 64,
    maxLength: 16_384,
    default: [],
  }),
  sshAgent: choice({
    section: 'credentials',
    title: 'Forward the SSH agent',
    description:
      'Forward it to terminals, commands, scripts, clones and ssh sessions, so that you need not copy private keys. Automatic: while an agent is running on this machine.',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'on', label: 'On' },
      { value: 'off', label: 'Off' },
    ],
    default: 'auto',
  }),
  githubToken: secret({
    section: 'credentials',
    title: 'GitHub token',
    description: 'Used by git for github.com and by “gh” in all workspaces.',
    maxLength: 1024,
    default: null,
  }),
  gitCredentialHosts: list({
    section: 'credentials',
    title: 'Git logins for other hosts',
    description:
      'One host per line. All workspaces get your git login for it, which each sync reads from the credential helper of this machine. Other hosts get no login.',
    placeholder: 'git.example.com',
    maxItems: 32,
    maxLength: 300,
    default: [],
  }),
  codingAgents: choices({
    section: 'credentials',
    title: 'Coding agents',
    description: 'Copy the logins, settings and API keys of these agents from this machine into all workspaces.',
    options: Object.entries(CODING_AGENTS).map(([value, { title }]) => ({ value, label: title })),
    default: [],
  }),
  totalDiskBytes: size({
    section: 'storage',
    title: 'Limit for all workspaces',
    description: 'For all workspaces together, including snapshots. Berth warns at 90 % and refuses copies that would exceed the limit.',
    default: null,
  }),
  newWorkspaceStorage: choice({
    section: 'storage',
    title: 'Create new workspaces on',
    description: 'Existing workspaces stay where they are.',
    options: [
      { value: 'plain', label: 'Docker’s volumes' },
      { value: 'btrfs', label: 'Pool' },
    ],
    default: 'plain',
  }),
  snapshotBeforeRestore: toggle({
    section: 'snapshots',
    title: 'Keep the state before a restore',
    description: 'Take an automatic snapshot that you can go back to.',
    default: true,
  }),
  automaticSnapshotsKept: number({
    section: 'snapshots',
    title: 'Automatic snapshots kept',
    description: 'Per workspace. The oldest are deleted first.',
    min: 0,
    max: 100,
    default: 3,
    warning: { when: 0, text: 'With 0, the state before a restore is lost.' },
  }),
  keptLayerMegabytes: number({
    section: 'snapshots',
    title: 'Largest layer to keep for a stopped workspace',
    description:
      'In MiB. What you installed outside the home folder is also kept as an image, so that it survives when a Docker clean-up removes the stopped container.',
    min: 0,
    max: 100_000,
    default: 500,
    warning: { when: 0, text: 'A Docker clean-up then removes what you installed in stopped workspaces.' },
  }),
  sshPorts: portRange({
    section: 'network',
    title: 'Range of the ssh ports',
    description: 'Each workspace gets the lowest free port on this machine and keeps it.',
    default: { from: 2200, to: 2400 },
  }),
  sshAddress: choice({
    section: 'network',
    title: 'Address of the ssh ports',
    description: 'Who can connect to the ssh ports. Applies to workspaces that start from now on.',
    options: [
      { value: '127.0.0.1', label: 'This machine' },
      { value: '0.0.0.0', label: 'Every network' },
    ],
    default: '127.0.0.1',
    warning: {
      when: '0.0.0.0',
      text: 'Everyone on the network can try to log in to your workspaces. Only keys are accepted, but choose this only on networks you trust.',
    },
  }),
  forwardPorts: choice({
    section: 'network',
    title: 'Ports that open in a workspace',
    description: 'Ask before forwarding a new port to this machine, or forward it at once.',
    options: [
      { value: 'ask', label: 'Ask' },
      { value: 'auto', label: 'Forward' },
    ],
    default: 'ask',
  }),
  visibleWorkspaces: groups({
    section: 'network',
    title: 'Workspaces that reach each other',
    description: 'Workspaces in a group reach each other as NAME.berth. All others are isolated from each other.',
    default: [],
  }),
  nestedAddressPools: list({
    section: 'network',
    title: 'Addresses of nested networks',
    description:
      'Address pools for networks of the Docker engine in a workspace, in dockerd’s form, one per line. If empty, Berth avoids networks of this machine and its engine. Applies to new networks from the next start on.',
    placeholder: 'base=10.10.0.0/16,size=24',
    maxItems: 32,
    maxLength: 64,
    default: [],
  }),
  defaultEngine: text({
    section: 'engine',
    title: 'Engine for new workspaces',
    description: 'Name of an engine. “berth engine list” shows all engines.',
    placeholder: 'local',
    maxLength: 40,
    default: null,
  }),
  engineEndpoint: text({
    section: 'engine',
    title: 'Local engine',
    description:
      'Address of the engine on this machine. If empty, Berth looks where Docker’s tools do: DOCKER_HOST, the current context, the usual sockets.',
    placeholder: 'found automatically',
    maxLength: 1024,
    default: null,
  }),
  idleStopHours: number({
    section: 'workspaces',
    title: 'Stop idle workspaces after',
    description: 'Hours without terminals, commands, connections or busy programs, announced in advance; 0 never stops them.',
    min: 0,
    max: 720,
    default: 0,
  }),
  stopWorkspacesOnQuit: toggle({
    section: 'desktop',
    title: 'Stop workspaces on quit',
    description: 'Otherwise they keep running when you quit Berth.',
    default: false,
  }),
  notifications: toggle({
    section: 'desktop',
    title: 'Notifications',
    description: 'When long work ends, a start fails or a program begins to listen on a port, and Berth’s window is not in front.',
    default: true,
  }),
  startAtLogin: toggle({
    section: 'desktop',
    title: 'Start at login',
    description: 'Without its window: Berth waits in the tray.',
    default: false,
  }),
  globalShortcut: text({
    section: 'desktop',
    title: 'Global shortcut',
    description: 'Keys that bring Berth’s window to the front from any program, for example CommandOrControl+Alt+B.',
    placeholder: 'None',
    maxLength: 64,
    default: null,
  }),
  updates: choice({
    section: 'desktop',
    title: 'Updates',
    description: 'Newer versions of the desktop app are looked for daily and downloaded. They are installed only when you choose to.',
    options: [
      { value: 'stable', label: 'Stable versions' },
      { value: 'beta', label: 'Beta versions, too' },
      { value: 'off', label: 'Only when asked for' },
    ],
    default: 'stable',
  }),
} as const satisfies Record<string, SettingDefinition>

export type SettingKey = keyof typeof SETTINGS

/** What each setting holds. */
export type SettingValues = { -readonly [Key in SettingKey]: (typeof SETTINGS)[Key]['default'] }

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[]

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key)
}
