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
 * Settings screen are made from it. Free of zod, which would double the time of `berth --help`.
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
    description: 'One font, or several with commas between them. Ligatures are not drawn.',
    placeholder: 'Berth’s own choice',
    maxLength: 256,
    default: null,
  }),
  terminalFontSize: number({
    section: 'terminal',
    title: 'Terminal font size',
    description: 'In pixels.',
    min: 8,
    max: 32,
    default: 13,
  }),
  terminalScrollback: number({
    section: 'terminal',
    title: 'Scrollback',
    description: 'Lines kept above the screen of each session. Ten lines take a few kilobytes of memory.',
    min: 0,
    max: 100_000,
    default: 10_000,
  }),
  terminalCopyOnSelect: toggle({
    section: 'terminal',
    title: 'Copy on select',
    description: 'Text that you select with the mouse is copied at once.',
    default: false,
  }),
  terminalBell: choice({
    section: 'terminal',
    title: 'Bell',
    description: 'A flash, and a mark on the tab while another one is shown. It makes no sound.',
    options: [
      { value: 'visual', label: 'Visible' },
      { value: 'off', label: 'Off' },
    ],
    default: 'visual',
  }),
  image: text({
    section: 'workspaces',
    title: 'Image',
    description: 'For new workspaces.',
    placeholder: 'Berth’s own',
    maxLength: 512,
    default: null,
  }),
  env: variables({
    section: 'workspaces',
    title: 'Environment',
    description: 'Variables of every workspace. What starts from now on has a change: commands, terminals, ssh logins, cron jobs.',
    default: {},
  }),
  libraryFolder: text({
    section: 'workspaces',
    title: 'Library',
    description: 'Folder of this machine with templates, skills and tools, as an absolute path or below ~/.',
    placeholder: 'library, in the folder of Berth',
    maxLength: 4096,
    default: null,
  }),
  timeZone: text({
    section: 'workspaces',
    title: 'Time zone',
    description: 'Of every workspace. What starts from now on has a change.',
    placeholder: 'that of this machine',
    maxLength: 64,
    default: null,
  }),
  locale: text({
    section: 'workspaces',
    title: 'Locale',
    description: 'Language and formats of every workspace, such as de_DE.UTF-8. An image without it keeps its own, C.UTF-8.',
    placeholder: 'that of this machine',
    maxLength: 64,
    default: null,
  }),
  initScript: text({
    section: 'workspaces',
    title: 'Init script for all workspaces',
    description:
      'A file on this machine. It runs in each new workspace before the workspace’s own init script: once, as root, at the first start.',
    placeholder: 'none',
    maxLength: 4096,
    default: null,
  }),
  hostFolder: text({
    section: 'workspaces',
    title: 'Folder for host workspaces',
    description: 'A new host workspace without a folder of its own gets one here, with its name.',
    placeholder: '~/Berth',
    maxLength: 4096,
    default: null,
  }),
  hostWorkspaces: toggle({
    section: 'workspaces',
    title: 'Host workspaces',
    description: 'Allow workspaces that are folders of this machine. What runs in them has all your rights: they are not isolated.',
    default: false,
  }),
  postStart: list({
    section: 'workspaces',
    title: 'Post-start scripts for all workspaces',
    description: 'A file or folder on each line. They run at each start, as the user “workspace”, before the workspace’s own.',
    placeholder: '~/berth/post-start',
    maxItems: 32,
    maxLength: 4096,
    default: [],
  }),
  devcontainers: choice({
    section: 'workspaces',
    title: 'Dev containers',
    description: 'When the repository of a workspace has a devcontainer.json. A workspace can have its own choice.',
    options: [
      { value: 'ask', label: 'Ask' },
      { value: 'always', label: 'Open' },
      { value: 'never', label: 'Ignore' },
    ],
    default: 'ask',
  }),
  postStartTimeoutSeconds: number({
    section: 'workspaces',
    title: 'Time limit of a post-start script',
    description: 'In seconds. A script that takes longer is ended, with everything it started.',
    min: 1,
    max: 3600,
    default: 60,
  }),
  postStartFailOnError: toggle({
    section: 'workspaces',
    title: 'Fail the start when a post-start script fails',
    description: 'Otherwise the start succeeds with a notice.',
    default: false,
  }),
  syncGitConfig: toggle({
    section: 'credentials',
    title: 'Git configuration',
    description: 'Copy ~/.gitconfig and ~/.config/git/config of this machine into every workspace.',
    default: true,
  }),
  syncFiles: list({
    section: 'credentials',
    title: 'Files for all workspaces',
    description:
      'A file or folder of this machine on each line. It is copied to the same place below the home folder, or to another: HOST:INSIDE. Changes follow.',
    placeholder: '~/.config/nvim\n~/work/npmrc:~/.npmrc',
    maxItems: 64,
    maxLength: 8192,
    default: [],
  }),
  syncSshKeys: list({
    section: 'credentials',
    title: 'SSH keys to copy',
    description: 'Private keys that every workspace gets, with their public halves. Forwarding the agent is safer.',
    placeholder: '~/.ssh/id_ed25519',
    maxItems: 32,
    maxLength: 4096,
    default: [],
  }),
  authorizedKeys: list({
    section: 'credentials',
    title: 'SSH keys to authorize',
    description: 'Who may log in to every workspace besides you: a public key, or a file with public keys, on each line.',
    placeholder: 'ssh-ed25519 AAAA… colleague',
    maxItems: 64,
    maxLength: 16_384,
    default: [],
  }),
  sshAgent: choice({
    section: 'credentials',
    title: 'Forward the SSH agent',
    description:
      'To terminals, commands, scripts, clones and ssh sessions, so that no private key has to be copied. Automatic: while an agent is running on this machine.',
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
    description: 'For git on github.com and for “gh”, in every workspace.',
    maxLength: 1024,
    default: null,
  }),
  gitCredentialHosts: list({
    section: 'credentials',
    title: 'Git logins of other hosts',
    description:
      'A host on each line. Every workspace gets the login that git on this machine has for it: from your credential helper, at each sync. No other host is answered.',
    placeholder: 'git.example.com',
    maxItems: 32,
    maxLength: 300,
    default: [],
  }),
  codingAgents: choices({
    section: 'credentials',
    title: 'Coding agents',
    description: 'Give every workspace the logins, settings and API keys of these agents on this machine.',
    options: Object.entries(CODING_AGENTS).map(([value, { title }]) => ({ value, label: title })),
    default: [],
  }),
  totalDiskBytes: size({
    section: 'storage',
    title: 'Limit for all workspaces',
    description: 'Together, with their snapshots. Berth warns at 90 % and refuses copies that would exceed it.',
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
    description: 'As an automatic snapshot that you can go back to.',
    default: true,
  }),
  automaticSnapshotsKept: number({
    section: 'snapshots',
    title: 'Automatic snapshots kept',
    description: 'Of each workspace; the oldest are deleted first.',
    min: 0,
    max: 100,
    default: 3,
    warning: { when: 0, text: 'With none kept, the state before a restore is lost.' },
  }),
  keptLayerMegabytes: number({
    section: 'snapshots',
    title: 'Largest layer kept of a stopped workspace',
    description:
      'In MiB. What you installed outside its home folder is kept as an image as well, so that nothing is lost when Docker’s clean-up removes the stopped container.',
    min: 0,
    max: 100_000,
    default: 500,
    warning: { when: 0, text: 'Docker’s clean-up then removes what is installed in stopped workspaces.' },
  }),
  sshPorts: portRange({
    section: 'network',
    title: 'Range of the ssh ports',
    description: 'Each workspace gets the lowest free port on this machine, and keeps it.',
    default: { from: 2200, to: 2400 },
  }),
  sshAddress: choice({
    section: 'network',
    title: 'Address of the ssh ports',
    description: 'Who can connect to them. Applies to workspaces that start from now on.',
    options: [
      { value: '127.0.0.1', label: 'This machine' },
      { value: '0.0.0.0', label: 'Every network' },
    ],
    default: '127.0.0.1',
    warning: {
      when: '0.0.0.0',
      text: 'Everyone who can reach this machine over a network can try to log in to your workspaces. Only keys are accepted, but choose this only on networks you trust.',
    },
  }),
  forwardPorts: choice({
    section: 'network',
    title: 'Ports that open in a workspace',
    description: 'Ask before a new port is forwarded to this machine, or forward it at once.',
    options: [
      { value: 'ask', label: 'Ask' },
      { value: 'auto', label: 'Forward' },
    ],
    default: 'ask',
  }),
  visibleWorkspaces: groups({
    section: 'network',
    title: 'Workspaces that reach each other',
    description: 'By NAME.berth, within each group. All others are kept apart.',
    default: [],
  }),
  nestedAddressPools: list({
    section: 'network',
    title: 'Addresses of nested networks',
    description:
      'Where the Docker engine in a workspace makes its networks, as dockerd takes it, one pool on each line. Left empty: wherever neither this machine nor its engine has a network. In force at the next start, for new networks.',
    placeholder: 'base=10.10.0.0/16,size=24',
    maxItems: 32,
    maxLength: 64,
    default: [],
  }),
  defaultEngine: text({
    section: 'engine',
    title: 'Engine for new workspaces',
    description: 'Its name. “berth engine list” shows those there are.',
    placeholder: 'local',
    maxLength: 40,
    default: null,
  }),
  engineEndpoint: text({
    section: 'engine',
    title: 'Local engine',
    description:
      'The address of the engine of this machine. Left empty, Berth looks where Docker’s own tools do: DOCKER_HOST, the current context, the usual sockets.',
    placeholder: 'found automatically',
    maxLength: 1024,
    default: null,
  }),
  stopWorkspacesOnQuit: toggle({
    section: 'desktop',
    title: 'Stop workspaces on quit',
    description: 'Otherwise they keep running when you quit Berth.',
    default: false,
  }),
  updates: choice({
    section: 'desktop',
    title: 'Updates',
    description: 'Newer versions of the desktop app are looked for daily and downloaded. They are installed only when you say so.',
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
