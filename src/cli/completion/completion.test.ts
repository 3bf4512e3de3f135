import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../program'
import { bashCompletion } from './bash'
import { fishCompletion } from './fish'
import { completionSpec } from './spec'
import { zshCompletion } from './zsh'

const spec = completionSpec(buildProgram('0', async () => {}))
const hasShell = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0

/** What bash offers after these words; `berth __complete` names two workspaces. */
function completed(...words: string[]): string[] {
  const script = `${bashCompletion(spec)}
berth() { [[ "$*" == __complete ]] && printf '%s\\n' demo devel; }
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_berth
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['-u', '-c', script, 'bash', 'berth', ...words], { encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return stdout.split('\n').filter((line) => line !== '')
}

describe.runIf(hasShell('bash'))('in bash', () => {
  test('commands', () => {
    expect(completed('st')).toEqual(['start', 'stop'])
    expect(completed('')).toContain('ls')
    expect(completed('')).not.toContain('__complete')
  })

  test('names of workspaces where a command takes them, as often as it does', () => {
    expect(completed('shell', '')).toEqual(['demo', 'devel'])
    expect(completed('shell', 'demo', '')).toEqual([])
    expect(completed('stop', 'demo', 'dev')).toEqual(['devel'])
    expect(completed('list', '')).toEqual([])
  })

  test('names after options and their values', () => {
    expect(completed('start', '--env', 'A', '=', '1', '--clone', 'x', 'de')).toEqual(['demo', 'devel'])
    expect(completed('--quiet', 'shell', '--user', 'root', 'de')).toEqual(['demo', 'devel'])
  })

  test('options, and the values of those that have a few', () => {
    expect(completed('delete', '--y')).toEqual(['--yes'])
    expect(completed('exec', '--js')).toEqual(['--json'])
    expect(completed('exec', 'demo', '--user', '')).toEqual(['workspace', 'root'])
    expect(completed('start', '--clone', '')).toEqual([])
  })

  test('subcommands and their words', () => {
    expect(completed('settings', '')).toEqual(['get', 'set'])
    expect(completed('settings', 'set', 'ssh')).toEqual(['sshPorts', 'sshAddress'])
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
    "complete -c berth -n '__fish_use_subcommand' -a 'start' -d 'start a workspace; made first if there is none of that name'",
  )
  expect(lines).toContain("complete -c berth -n '__fish_seen_subcommand_from delete' -s y -l yes -d 'do not ask'")
  expect(lines).toContain("complete -c berth -n '__fish_seen_subcommand_from shell' -a '(command berth __complete 2>/dev/null)'")
  expect(lines).toContain("complete -c berth -n '__fish_seen_subcommand_from exec' -s u -l user -r -a 'workspace root' -d 'who runs it'")
})
