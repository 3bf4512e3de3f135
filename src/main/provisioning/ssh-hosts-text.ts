import { BerthError } from '../../shared/errors'
import { sshHostOf } from '../../shared/ssh-host'
import type { WorkspaceRecord } from '../settings/records'
import { SSH_CLIENT_OPTIONS } from './ssh-client-options'

type Host = Pick<WorkspaceRecord, 'id' | 'name' | 'sshPort' | 'hostKeys' | 'credentials'>

/** Older versions of ssh read lines of 1024 bytes. */
const NAMES_IN_A_LINE = 12

/** Its keys are known by this, so that they stay known when it gets another name or port. */
export function keyAliasOf({ id }: Pick<Host, 'id'>): string {
  return `${id}.berth`
}

interface SshHostsOptions {
  /** Paths of files. */
  key: string
  knownHosts: string
  /** null leaves it to the user’s own config. */
  forwardAgent: 'yes' | 'no' | null
}

/**
 * An ssh config with one host for each workspace that has a port, and what holds for all of them. Programs that read such files by
 * themselves find in a host's block all that it takes to log in. Paths must have passed `quotedPath`.
 */
export function sshHostsText(hosts: readonly Host[], { forwardAgent, ...paths }: SshHostsOptions): string {
  const [key, knownHosts] = [quotedPath(paths.key), quotedPath(paths.knownHosts)]
  const reachable = hosts.filter(({ sshPort }) => sshPort !== null)
  const blocks = reachable.map((host) =>
    block(sshHostOf(host.name), [
      'HostName 127.0.0.1',
      `Port ${host.sshPort}`,
      'User workspace',
      `IdentityFile ${key}`,
      `HostKeyAlias ${keyAliasOf(host)}`,
      `UserKnownHostsFile ${knownHosts}`,
      'StrictHostKeyChecking yes',
      // Of two the first counts.
      ...(host.credentials === 'none' ? ['ForwardAgent no'] : []),
    ]),
  )
  const options = [
    ...SSH_CLIENT_OPTIONS.map(({ option, value }) => `${option} ${value}`),
    ...(forwardAgent === null ? [] : [`ForwardAgent ${forwardAgent}`]),
  ]
  for (let first = 0; first < reachable.length; first += NAMES_IN_A_LINE) {
    const names = reachable.slice(first, first + NAMES_IN_A_LINE).map(({ name }) => sshHostOf(name))
    blocks.push(block(names.join(' '), options))
  }
  return ['# Written by Berth at each change. What you write here is lost.\n', ...blocks].join('\n')
}

function block(hosts: string, lines: readonly string[]): string {
  return [`Host ${hosts}`, ...lines.map((line) => `  ${line}`), ''].join('\n')
}

export function knownHostsText(hosts: readonly Host[]): string {
  return hosts.flatMap((host) => host.hostKeys.map((key) => `${keyAliasOf(host)} ${key}\n`)).join('')
}

/**
 * The path as ssh's config takes it, in quotes if it has a space. Throws FILE_UNUSABLE for one that ssh, of some version or other, would
 * read as something else: with quotes, backslashes, line ends, or the signs for variables (% and $) and patterns (*, ?, [).
 */
export function quotedPath(path: string): string {
  const plain = process.platform === 'win32' ? path.replaceAll('\\', '/') : path
  const stray = [...plain].find((character) => character < ' ' || '"\'\\%$*?[]{}#\u007f'.includes(character))
  if (stray === undefined) return plain.includes(' ') ? `"${plain}"` : plain
  const reason = stray < ' ' || stray === '\u007f' ? 'a control character' : `the character ${stray}`
  throw new BerthError('FILE_UNUSABLE', `${plain} cannot be used in an ssh configuration: its path contains ${reason}.`, {
    file: plain,
    reason: `Its path contains ${reason}.`,
    next: 'Choose another folder for Berth (BERTH_HOME).',
  })
}
