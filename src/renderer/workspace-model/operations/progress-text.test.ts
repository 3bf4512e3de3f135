import { describe, expect, it } from 'vitest'
import type { OperationStep, Progress } from '../../../shared/operation'
import { operation as anyOperation, operationStep } from '../../../shared/testing/operation'
import { operationFraction, paceOf, progressText, shortProgress } from './progress-text'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const NOW = Date.parse('2026-01-01T00:00:00Z')
/** A step that has been running for so many seconds. */
const since = (seconds: number, progress: Progress | null) => ({ startedAt: new Date(NOW - seconds * 1000).toISOString(), progress })
const bytes = (done: number, total: number | null): Progress => ({ done, total, unit: 'bytes' })

const step = (status: OperationStep['status'], more: Partial<OperationStep> = {}) => operationStep(status, { status, ...more })
const operation = (steps: OperationStep[]) => anyOperation({ kind: 'workspace.clone', steps })

describe('the pace of a copy', () => {
  it('is what was done in the time it took, and what is left at that pace', () => {
    expect(paceOf(since(10, bytes(400e6, 1e9)), NOW)).toEqual({ bytesPerSecond: 40e6, secondsLeft: 15 })
  })

  it.each([
    ['it has just begun', since(1, bytes(400e6, 1e9))],
    ['nothing is copied yet', since(10, bytes(0, 1e9))],
    ['it does not count bytes', since(10, { done: 1, total: 2, unit: 'steps' })],
    ['it says nothing', since(10, null)],
    ['it has not begun', { startedAt: null, progress: bytes(1, 2) }],
    ['its clock is ahead of ours', since(-30, bytes(1, 2))],
  ] as const)('is not guessed when %s', (_, counted) => {
    expect(paceOf(counted, NOW)).toBeNull()
  })

  it('has no time left to tell when the end is not known, or is reached', () => {
    expect(paceOf(since(10, bytes(400e6, null)), NOW)?.secondsLeft).toBeNull()
    expect(paceOf(since(10, bytes(1e9, 1e9)), NOW)?.secondsLeft).toBeNull()
    expect(paceOf(since(10, bytes(1.1e9, 1e9)), NOW)?.secondsLeft).toBeNull()
  })
})

describe('progress in words', () => {
  it.each([
    [since(10, bytes(1.2 * GIB, 4.1 * GIB)), '1.2 GiB of 4.1 GiB · 123 MiB/s · 25 s left'],
    [since(10, bytes(1.2 * GIB, null)), '1.2 GiB · 123 MiB/s'],
    [since(0.5, bytes(1.2 * MIB, 5 * MIB)), '1.2 MiB of 5 MiB'],
    [since(10, bytes(5 * MIB, 5 * MIB)), '5 MiB of 5 MiB · 512 KiB/s'],
    [since(10, { done: 50, total: 100, unit: 'percent' }), '50 %'],
    [since(10, { done: 62, total: null, unit: 'percent' }), '62 %'],
    [since(10, { done: 3, total: 12, unit: 'steps' }), 'step 3 of 12'],
    [since(10, { done: 3, total: null, unit: 'steps' }), null],
    [since(10, null), null],
  ] as const)('%o is %s', (counted, words) => {
    expect(progressText(counted, NOW)).toBe(words)
  })

  it('is in few words the bytes and the time left of the step that counts them', () => {
    const copying = (progress: Progress) => operation([step('done'), step('running', since(10, progress))])
    expect(shortProgress(copying(bytes(1.2 * GIB, 4.1 * GIB)), NOW)).toBe('1.2/4.1 GiB · 25 s')
    expect(shortProgress(copying(bytes(1.2 * GIB, 4.1 * GIB)), NOW, 'share')).toBe('29 % · 25 s')
    expect(shortProgress(copying(bytes(0, 4.1 * GIB)), NOW)).toBe('0/4.1 GiB')
    expect(shortProgress(copying(bytes(3 * MIB, null)), NOW)).toBe('3 MiB')
  })

  it('is otherwise the share of the step that counts, or of the whole', () => {
    const half = { done: 50, total: 100, unit: 'percent' } as const
    expect(shortProgress(operation([step('done'), step('running', { progress: half })]), NOW)).toBe('50 %')
    expect(shortProgress(operation([step('done'), step('running'), step('pending'), step('pending')]), NOW)).toBe('25 %')
    expect(shortProgress(operation([]), NOW)).toBeNull()
    expect(operationFraction(operation([step('done'), step('skipped'), step('running', { progress: half }), step('pending')]))).toBe(0.625)
  })
})
