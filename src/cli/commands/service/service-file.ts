import { createHash } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import type { CliContext } from '../../context'

/** What the service is to run, and how. */
export interface ServiceSettings {
  /** Absolute path of the command. */
  berth: string
  port: number | null
  /** Variables, with their values. */
  environment: Readonly<Record<string, string>>
  /** Absolute path that errors go to, where the service manager keeps none itself. */
  logFile: string
}

export type ServiceManager = 'systemd' | 'launchd'

export const UNIT = 'berth.service'
export const AGENT = 'dev.berth.service'

/** Of those who say which Berth, which engine, and where programs are. */
const KEPT_VARIABLES = ['BERTH_HOME', 'PATH', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'BERTH_IMAGE_TAG']

const MARK = 'Written by “berth service install”; sha256 of the rest: '

export function serviceFilePath(manager: ServiceManager, { env, homedir }: Pick<CliContext, 'env' | 'homedir'>): string {
  if (manager === 'launchd') return join(homedir, 'Library/LaunchAgents', `${AGENT}.plist`)
  return join(env.XDG_CONFIG_HOME || join(homedir, '.config'), 'systemd/user', UNIT)
}

/** The command of this installation: `bin/berth` beside the built program. */
export function berthCommand({ headlessPath }: Pick<CliContext, 'headlessPath'>): string {
  return resolve(dirname(headlessPath), '../../bin/berth')
}

export function keptVariables(env: CliContext['env']): Record<string, string> {
  return Object.fromEntries(KEPT_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

/** The file for the service manager, with a mark by which `isOurs` knows it again. */
export function serviceFile(manager: ServiceManager, settings: ServiceSettings): string {
  return manager === 'systemd' ? systemdUnit(settings) : launchdAgent(settings)
}

/** True for a file that `serviceFile` has made and nobody has changed. */
export function isOurs(text: string): boolean {
  const lines = text.split('\n')
  const index = lines.findIndex((line) => line.includes(MARK))
  const marked = lines[index]
  if (marked === undefined) return false
  return marked.includes(`${MARK}${digestOf(lines.filter((_, at) => at !== index))}`)
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

function systemdUnit({ berth, port, environment }: ServiceSettings): string {
  const command = [berth, 'serve', ...(port === null ? [] : ['--port', String(port)])]
  const lines = [
    '[Unit]',
    'Description=Berth, workspaces on a Docker engine',
    'After=network.target',
    // What ends at once is not started for ever.
    'StartLimitIntervalSec=60',
    'StartLimitBurst=5',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${command.map(unitWord).join(' ')}`,
    ...Object.entries(environment).map(([name, value]) => `Environment=${unitQuoted(`${name}=${value}`)}`),
    // It prints the address of the page with its key, which has no place in the journal. Errors go there.
    'StandardOutput=null',
    'StandardError=journal',
    'Restart=on-failure',
    'RestartSec=5',
    '# Wrong arguments, or a Berth that runs already.',
    'RestartPreventExitStatus=2 4',
    'KillMode=mixed',
    'TimeoutStopSec=30',
    'OOMPolicy=continue',
    '# No sandbox: in a user unit it takes away the groups of the user, among them “docker”, and sudo in terminals of host workspaces.',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ]
  return [`# ${MARK}${digestOf(lines)}`, ...lines].join('\n')
}

/** A word of a command line: `$` would be a variable. */
function unitWord(text: string): string {
  return unitQuoted(text.replaceAll('$', '$$$$'))
}

/** As systemd reads it: `%` would be a specifier. */
function unitQuoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('\n', '\\n')
  return `"${escaped}"`
}

function launchdAgent({ berth, port, environment, logFile }: ServiceSettings): string {
  const command = [berth, 'serve', ...(port === null ? [] : ['--port', String(port)])]
  const head = ['<?xml version="1.0" encoding="UTF-8"?>']
  const rest = [
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    `  <key>Label</key><string>${AGENT}</string>`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...command.map((word) => `    <string>${xmlText(word)}</string>`),
    '  </array>',
    '  <key>EnvironmentVariables</key>',
    '  <dict>',
    ...Object.entries(environment).map(([name, value]) => `    <key>${xmlText(name)}</key><string>${xmlText(value)}</string>`),
    '  </dict>',
    '  <key>RunAtLoad</key><true/>',
    '  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
    '  <key>ThrottleInterval</key><integer>10</integer>',
    '  <key>ExitTimeOut</key><integer>30</integer>',
    '  <key>ProcessType</key><string>Interactive</string>',
    // It prints the address of the page with its key.
    '  <key>StandardOutPath</key><string>/dev/null</string>',
    `  <key>StandardErrorPath</key><string>${xmlText(logFile)}</string>`,
    '</dict>',
    '</plist>',
    '',
  ]
  // An XML declaration has to come first.
  return [...head, `<!-- ${MARK}${digestOf([...head, ...rest])} -->`, ...rest].join('\n')
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
