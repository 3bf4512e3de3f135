import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../program'
import { bashCompletion } from './bash'
import { fishCompletion } from './fish'
import { completionSpec } from './spec'
import { zshCompletion } from './zsh'

const spec = completionSpec(buildProgram('0', async () => {}))
const hasShell = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0

/** What bash offers after these words; `berth __complete` names two workspaces, a template and the snapshots of one workspace. */
function completed(...words: string[]): string[] {
  const script = `${bashCompletion(spec)}
berth() {
  case "$*" in
    '__complete workspace') printf '%s\\n' demo devel ;;
    '__complete location') printf '%s\\n' demo: devel: ;;
    '__complete template') echo base ;;
    '__complete any-template') printf '%s\\n' base node ;;
    '__complete engine') printf '%s\\n' local nas ;;
    '__complete swarm') echo team ;;
    '__complete place') printf '%s\\n' local nas team ;;
    '__complete skill') echo python-dev ;;
    '__complete entry') printf '%s\\n' node python-dev ;;
    '__complete snapshot demo') printf '%s\\n' before-upgrade 2026-01-31_14-05-09 ;;
  esac
}
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_berth
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-u', '-c', script, 'bash', 'berth', ...words], { encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.split('\n').filter((line) => line !== '')
}

describe.runIf(hasShell('bash'))('in bash', () => {
  test('commands', () => {
    expect(completed('sto')).toEqual(['stop', 'storage'])
    expect(completed('')).toContain('ls')
    expect(completed('')).not.toContain('__complete')
  })

  test('names of workspaces where a command takes them, as often as it does', () => {
    expect(completed('shell', '')).toEqual(['demo', 'devel'])
    expect(completed('shell', 'demo', '')).toEqual([])
    expect(completed('stop', 'demo', 'dev')).toEqual(['devel'])
    expect(completed('list', '')).toEqual([])
  })

  test('workspaces with a colon where files are copied', () => {
    expect(completed('cp', 'd')).toEqual(['demo:', 'devel:'])
    expect(completed('cp', 'demo', ':', 'notes.txt', 'de')).toEqual(['demo:', 'devel:'])
    expect(completed('cp', 'notes.t')).toEqual([])
  })

  test('names after options and their values', () => {
    expect(completed('start', '--env', 'A', '=', '1', '--clone', 'x', 'de')).toEqual(['demo', 'devel'])
    expect(completed('--quiet', 'shell', '--user', 'root', 'de')).toEqual(['demo', 'devel'])
  })

  test('snapshots of the workspace that was named, and no names where a new one goes', () => {
    expect(completed('snapshot', '')).toEqual(['create', 'list', 'ls', 'restore', 'delete'])
    expect(completed('snapshot', 'restore', 'd')).toEqual(['demo', 'devel'])
    expect(completed('snapshot', 'restore', 'demo', '')).toEqual(['before-upgrade', '2026-01-31_14-05-09'])
    expect(completed('--quiet', 'snapshot', 'delete', '--yes', 'demo', '2')).toEqual(['2026-01-31_14-05-09'])
    expect(completed('snapshot', 'restore', 'devel', '')).toEqual([])
    expect(completed('snapshot', 'create', 'demo', '')).toEqual([])
    expect(completed('snapshot', 'restore', '--as', '')).toEqual([])
    expect(completed('clone', 'd')).toEqual(['demo', 'devel'])
    expect(completed('clone', 'demo', '')).toEqual([])
    expect(completed('rename', 'demo', '')).toEqual([])
  })

  test('templates where only those will do', () => {
    expect(completed('start', 'new', '--template', '')).toEqual(['base', 'node'])
    expect(completed('start', 'new', '--skill', '')).toEqual(['python-dev'])
    expect(completed('library', 'show', '')).toEqual(['node', 'python-dev'])
    expect(completed('start', '--template', 'base', 'd')).toEqual(['demo', 'devel'])
    expect(completed('template', 'unset', '')).toEqual(['base'])
    expect(completed('template', 'set', '')).toEqual(['demo', 'devel'])
  })

  test('engines where a command takes one', () => {
    expect(completed('engine', '')).toEqual(['list', 'ls', 'add', 'use', 'remove', 'rm', 'test', 'trust', 'found'])
    for (const command of ['use', 'remove', 'rm', 'test']) expect(completed('engine', command, '')).toEqual(['local', 'nas'])
    expect(completed('engine', 'add', '')).toEqual([])
    expect(completed('start', 'new', '--engine', 'n')).toEqual(['nas'])
    expect(completed('images', 'remove', '--engine', '')).toEqual(['local', 'nas'])
    expect(completed('storage', 'cleanup', '--engine', 'l')).toEqual(['local'])
    expect(completed('list', '--engine', 'nas', '')).toEqual([])
  })

  test('Swarms, also where a workspace may be placed by one', () => {
    expect(completed('swarm', '')).toEqual(['list', 'ls', 'nodes', 'add', 'set', 'use', 'remove', 'rm'])
    for (const command of ['nodes', 'set', 'use', 'remove', 'rm']) expect(completed('swarm', command, '')).toEqual(['team'])
    expect(completed('swarm', 'add', '')).toEqual([])
    expect(completed('swarm', 'add', 'new', '')).toEqual(['local', 'nas'])
    for (const command of ['start', 'create', 'import-github', 'list']) {
      expect(completed(command, '--engine', '')).toEqual(['local', 'nas', 'team'])
    }
    expect(completed('move', 'demo', '--engine', 't')).toEqual(['team'])
    expect(completed('images', '--engine', 't')).toEqual([])
  })

  test('options, and the values of those that have a few', () => {
    expect(completed('delete', '--y')).toEqual(['--yes'])
    expect(completed('exec', '--js')).toEqual(['--json'])
    expect(completed('exec', 'demo', '--user', '')).toEqual(['workspace', 'root'])
    expect(completed('start', '--clone', '')).toEqual([])
  })

  test('subcommands and their words', () => {
    expect(completed('settings', '')).toEqual(['list', 'get', 'set', 'reset'])
    expect(completed('settings', 'set', 'ssh')).toEqual(['sshAgent', 'sshPorts', 'sshPorts.from', 'sshPorts.to', 'sshAddress'])
    expect(completed('completion', 'z')).toEqual(['zsh'])
  })

  test('nothing after --', () => {
    expect(completed('exec', 'demo', '--', '')).toEqual([])
  })
})

const OTHERS = Object.entries({ zsh: zshCompletion, fish: fishCompletion }).filter(([shell]) => hasShell(shell))
test.runIf(OTHERS.length > 0).each(OTHERS)('%s reads its script', (shell, script) => {
  expect(spawnSync(shell, ['-n', '-c', script(spec)]).status).toBe(0)
})

test('fish gets every command, its options and the places for names', () => {
  const lines = fishCompletion(spec).split('\n')
  expect(lines).toContain(
    "complete -c berth -n '__fish_use_subcommand' -a 'start' -d 'start workspaces, creating those that do not exist yet'",
  )
  expect(lines).toContain(
    "complete -c berth -n '__fish_seen_subcommand_from delete rm; and not __fish_seen_subcommand_from snapshot; and not __fish_seen_subcommand_from engine; and not __fish_seen_subcommand_from swarm' -s y -l yes -d 'do not ask'",
  )
  expect(lines).toContain("complete -c berth -n '__fish_seen_subcommand_from shell' -a '(command berth __complete workspace 2>/dev/null)'")
  expect(lines).toContain(
    "complete -c berth -n '__fish_seen_subcommand_from exec' -s u -l user -r -a 'workspace root' -d 'who runs it, or the name or number of another user inside'",
  )
  expect(lines).toContain(
    "complete -c berth -n '__fish_seen_subcommand_from start' -s t -l template -r -a '(command berth __complete any-template 2>/dev/null)' -d 'create it from this template: a template workspace, or a file in the library'",
  )
  expect(lines).toContain(
    "complete -c berth -n '__fish_seen_subcommand_from engine; and __fish_seen_subcommand_from use' -a '(command berth __complete engine 2>/dev/null)'",
  )
  const inRestore = '__fish_seen_subcommand_from snapshot; and __fish_seen_subcommand_from restore; and __fish_is_nth_token'
  expect(lines).toContain(`complete -c berth -n '${inRestore} 3' -a '(command berth __complete workspace 2>/dev/null)'`)
  expect(lines.find((line) => line.includes(`${inRestore} 4`))).toContain('__complete snapshot')
})
