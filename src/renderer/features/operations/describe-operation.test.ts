import { describe, expect, it } from 'vitest'
import type { Operation, OperationStep } from '../../../shared/operation'
import { operationFraction, operationTitle, progressText, shortProgress } from './describe-operation'

const step = (status: OperationStep['status'], progress: OperationStep['progress'] = null): OperationStep => ({
  name: status,
  title: status,
  status,
  startedAt: null,
  endedAt: null,
  progress,
  detail: null,
})

const operation = (more: Partial<Operation>): Operation => ({
  id: 'o',
  kind: 'workspace.create',
  workspaceId: 'w',
  workspaceName: 'demo',
  status: 'running',
  steps: [],
  cancellable: true,
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  notices: [],
  error: null,
  ...more,
})

describe('an operation in words', () => {
  it.each([
    ['running', 'Creating demo'],
    ['rolling-back', 'Undoing the creation of demo'],
    ['succeeded', 'Created demo'],
    ['failed', 'Could not create demo'],
    ['cancelled', 'Creation of demo cancelled'],
  ] as const)('%s', (status, title) => {
    expect(operationTitle(operation({ status }))).toBe(title)
  })

  it('names the image when it is about no workspace', () => {
    expect(operationTitle(operation({ kind: 'image.build', workspaceName: null }))).toBe('Building the workspace image')
  })
})

describe('how far an operation is', () => {
  const half = { done: 50, total: 100, unit: 'percent' } as const

  it('is each step an equal share, the running one as far as it is', () => {
    const steps = [step('done'), step('skipped'), step('running', half), step('pending')]
    expect(operationFraction(operation({ steps }))).toBe(0.625)
  })

  it('is not known before it has steps', () => {
    expect(operationFraction(operation({}))).toBeNull()
    expect(shortProgress(operation({}))).toBeNull()
  })

  it('is in few words that of the step that counts, otherwise of the whole', () => {
    expect(shortProgress(operation({ steps: [step('done'), step('running', { done: 620, total: 1000, unit: 'bytes' })] }))).toBe('62 %')
    expect(shortProgress(operation({ steps: [step('done'), step('running')] }))).toBe('50 %')
  })

  it('is said in the unit that it is counted in', () => {
    expect(progressText(half)).toBe('50 %')
    expect(progressText({ done: 1_200_000, total: null, unit: 'bytes' })).toBe('1.2 MB')
    expect(progressText({ done: 1_200_000, total: 5_000_000, unit: 'bytes' })).toBe('1.2 MB of 5 MB')
    expect(progressText({ done: 3, total: 12, unit: 'steps' })).toBe('step 3 of 12')
    expect(progressText({ done: 3, total: null, unit: 'steps' })).toBeNull()
  })
})
