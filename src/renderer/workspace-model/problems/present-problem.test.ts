import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorDefinitions, type Problem } from '../../../shared/error-definitions'
import { checkWorkspaceName } from '../../../shared/workspace-name'
import { ConnectionLostError } from '../../connection/connection'
import { presentError, presentProblem } from './present-problem'

const codes = Object.keys(errorDefinitions) as ErrorCode[]
const problem = (code: ErrorCode, data: Record<string, unknown> = {}): Problem => ({
  code,
  message: 'What failed.',
  next: 'Do this.',
  data,
})
const kinds = (code: ErrorCode, data?: Record<string, unknown>) => presentProblem(problem(code, data)).actions.map(({ kind }) => kind)

describe('a problem in words', () => {
  it.each(codes)('%s has a title of its own words, its message, what to do next, and details to copy', (code) => {
    const presentation = presentProblem(problem(code))
    expect(presentation.title).not.toBe('Something went wrong')
    expect(presentation.message).toBe('What failed.')
    expect(presentation.next).toBe('Do this.')
    expect(presentation.actions.at(-1)?.kind).toBe('copy-details')
    expect(JSON.parse(presentation.details)).toEqual(problem(code))
  })

  it('leads from exhausted ports to the range of ports first', () => {
    expect(presentProblem(problem('PORTS_EXHAUSTED')).actions[0]).toEqual({
      kind: 'open-settings',
      label: 'Change port range',
      section: 'network',
    })
  })

  it('offers to try the engine again when it cannot be reached', () => {
    expect(kinds('ENGINE_UNREACHABLE')[0]).toBe('reconnect-engine')
  })

  it('leads from an engine that is unknown, there already or in use to the engines', () => {
    expect(presentProblem(problem('ENGINE_IN_USE', { engine: 'big', workspaces: ['demo'] })).actions[0]).toEqual({
      kind: 'show-engines',
      label: 'Show engines',
      engine: 'big',
    })
    expect(presentProblem(problem('ENGINE_EXISTS', { engine: 'big' })).actions[0]).toMatchObject({ kind: 'show-engines', engine: 'big' })
    expect(presentProblem(problem('ENGINE_UNKNOWN', { engine: 'moon' })).actions[0]).toMatchObject({ kind: 'show-engines', engine: null })
  })

  it('leads from what is wrong with a Swarm to its nodes, to where they are reached, or to the engine that is no manager', () => {
    expect(presentProblem(problem('SWARM_NO_ROOM', { swarm: 'team' })).actions[0]).toMatchObject({ kind: 'show-engines', engine: 'team' })
    expect(presentProblem(problem('SWARM_NODE_UNREACHED', { swarm: 'team' })).actions[0]).toMatchObject({
      kind: 'edit-swarm',
      swarm: 'team',
    })
    expect(kinds('SWARM_NODE_UNREACHED')).toEqual(['retry', 'copy-details'])
    expect(kinds('SWARM_NO_MANAGER', { swarm: 'team', engine: null })).toEqual(['reconnect-engine', 'show-engines', 'copy-details'])
    const noManager = presentProblem(problem('SWARM_NO_MANAGER', { swarm: 'team', engine: 'nas' }))
    expect(noManager).toMatchObject({
      title: 'The engine is not a Swarm manager',
      actions: [{ kind: 'show-engines', engine: 'nas' }, {}],
    })
    expect(presentProblem(problem('SWARM_UNKNOWN', { swarm: 'gone' })).actions[0]).toMatchObject({ kind: 'show-engines', engine: null })
  })

  it('offers to clone again when a repository could not be cloned', () => {
    expect(presentProblem(problem('REPO_CLONE_FAILED')).actions[0]).toEqual({ kind: 'retry', label: 'Retry clone' })
  })

  it('leads from a repository that asks for a password or has an unknown host to what that needs', () => {
    const data = { workspace: 'demo', keys: [{ type: 'ssh-ed25519', fingerprint: 'SHA256:a' }] }
    expect(presentProblem(problem('REPO_ACCESS_DENIED', data)).actions[0]).toMatchObject({ kind: 'enter-credential', workspace: 'demo' })
    expect(presentProblem(problem('REPO_ACCESS_DENIED', { ...data, method: 'key' })).actions[0]).toMatchObject({ kind: 'retry' })
    expect(presentProblem(problem('REPO_HOST_UNKNOWN', data)).actions[0]).toMatchObject({ kind: 'trust-host', fingerprint: 'SHA256:a' })
    expect(presentProblem(problem('REPO_HOST_UNKNOWN', { ...data, keys: [] })).actions[0]).toMatchObject({ kind: 'retry' })
  })

  it('offers to stop what runs, and first of all to go on with that', () => {
    expect(presentProblem(problem('WORKSPACE_RUNNING', { workspace: 'demo' })).actions.slice(0, 2)).toEqual([
      { kind: 'force', label: 'Stop and restore' },
      { kind: 'stop-workspace', label: 'Stop', workspace: 'demo' },
    ])
  })

  it('leads from a template that was to be started to a workspace from it, or makes it none', () => {
    expect(presentProblem(problem('WORKSPACE_IS_TEMPLATE', { workspace: 'demo' })).actions.slice(0, 2)).toEqual([
      { kind: 'new-from-template', label: 'New workspace from it', workspace: 'demo' },
      { kind: 'unset-template', label: 'Unset template', workspace: 'demo' },
    ])
  })

  it('leads from a snapshot that is gone to those there are', () => {
    expect(presentProblem(problem('SNAPSHOT_NOT_FOUND', { workspace: 'demo', snapshot: 's' })).actions[0]).toEqual({
      kind: 'show-snapshots',
      label: 'Show snapshots',
      workspace: 'demo',
    })
    expect(kinds('SNAPSHOT_NOT_FOUND', { workspace: 7 })).toEqual(['copy-details'])
  })

  it('shows the log of a failed start, and only when there is one', () => {
    const log = ['first line', 'last line']
    const step = presentProblem(problem('WORKSPACE_START_FAILED', { log })).actions.find(({ kind }) => kind === 'show-log')
    expect(step).toEqual({ kind: 'show-log', label: 'Show log', lines: log })
    expect(kinds('WORKSPACE_START_FAILED', { log: [] })).not.toContain('show-log')
    expect(kinds('WORKSPACE_START_FAILED', { log: 'not lines' })).not.toContain('show-log')
  })
})

describe('whatever a call threw, in words', () => {
  it('is the problem that Berth answered with', () => {
    const error = new ORPCError('NAME_TAKEN', {
      defined: true,
      status: 409,
      message: 'A workspace named demo already exists.',
      data: { name: 'demo', next: 'Choose another.' },
    })
    const presentation = presentError(error)
    expect(presentation.title).toBe('The name is taken')
    expect(presentation.next).toBe('Choose another.')
    expect(presentation.actions[0]).toEqual({ kind: 'open-workspace', label: 'Open it', workspace: 'demo' })
  })

  it('a name that a snapshot has leads to the snapshots', () => {
    const error = new ORPCError('NAME_TAKEN', {
      defined: true,
      status: 409,
      message: '',
      data: { name: 'one', workspace: 'demo', next: '' },
    })
    expect(presentError(error).actions[0]).toEqual({ kind: 'show-snapshots', label: 'Show snapshots', workspace: 'demo' })
  })

  it('is the same for an error that was thrown on this side', () => {
    expect(() => checkWorkspaceName('A')).toThrow(expect.toSatisfy((error: unknown) => presentError(error).title === 'Invalid name'))
  })

  it('says so when the connection went', () => {
    expect(presentError(new ConnectionLostError()).title).toBe('Berth is unreachable')
  })

  it('keeps the words and the stack of an error that nobody foresaw', () => {
    const presentation = presentError(new TypeError('x is undefined'))
    expect(presentation.message).toBe('x is undefined')
    expect(presentation.details).toContain('present-problem.test.ts')
  })

  it('takes a code that this page does not know, and things that are no errors at all', () => {
    expect(presentError(new ORPCError('TEAPOT', { message: 'Short and stout.' })).message).toBe('Short and stout.')
    expect(presentError('just words').message).toBe('just words')
  })
})
