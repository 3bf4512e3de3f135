import { describe, expect, test } from 'vitest'
import { operation } from '../../../shared/testing/operation'
import { workspace } from '../../../shared/testing/workspace'
import { currentStep, doneSteps, isBeingMade, shownWorkspace } from './first-run-steps'

const away = { state: { status: 'unreachable' as const, tried: [], retryAt: null } }
const looking = { state: { status: 'connecting' as const, endpoint: null } }
const nothing = { engines: [looking], workspace: undefined, isBeingMade: false, isSshInstalled: false }

describe('doneSteps', () => {
  test('an engine that is looked for or away is not done', () => {
    expect(doneSteps({ ...nothing, engines: [looking, away] }).engine).toBe(false)
  })

  test('a host workspace needs no engine', () => {
    const site = workspace({ host: { folder: '/site', created: true } })
    expect(doneSteps({ ...nothing, engines: [away], workspace: site })).toEqual({ engine: true, workspace: true, ssh: false })
  })

  test('a workspace counts once it is made and did not fail', () => {
    expect(doneSteps({ ...nothing, workspace: workspace() }).workspace).toBe(true)
    expect(doneSteps({ ...nothing, workspace: workspace(), isBeingMade: true }).workspace).toBe(false)
    expect(doneSteps({ ...nothing, workspace: workspace({ status: 'error' }) }).workspace).toBe(false)
  })
})

test('the current step is the first that is not done, whatever comes after it', () => {
  expect(currentStep({ engine: false, workspace: false, ssh: true })).toBe('engine')
  expect(currentStep({ engine: true, workspace: false, ssh: true })).toBe('workspace')
  expect(currentStep({ engine: true, workspace: true, ssh: true })).toBe(null)
})

test('a workspace is being made by the operation that brings it, until that has ended', () => {
  expect(isBeingMade(undefined)).toBe(false)
  expect(isBeingMade(operation({ kind: 'workspace.adopt', endedAt: null }))).toBe(true)
  expect(isBeingMade(operation({ kind: 'workspace.create', endedAt: '2026-01-01T00:00:00.000Z' }))).toBe(false)
  expect(isBeingMade(operation({ kind: 'workspace.stop', endedAt: null }))).toBe(false)
})

test('the newest workspace is shown, and no template', () => {
  const named = (name: string, template = false) => workspace({ name, template })
  expect(shownWorkspace([named('old'), named('new'), named('base', true)])?.name).toBe('new')
  expect(shownWorkspace([named('base', true)])).toBeUndefined()
})
