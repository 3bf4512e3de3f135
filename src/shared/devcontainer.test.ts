import { expect, it } from 'vitest'
import { carriedVariables, type DevcontainerRecord, devcontainerState, EMPTY_DEVCONTAINER_RECORD } from './devcontainer'
import { devcontainerChoice } from './devcontainer-choice'

const READY = { isReady: true, isBuilding: false }
const container = {
  ...{ id: 'a7f684f7a756', name: 'wizardly_nash', user: 'dev', folder: '/workspaces/repo', project: null },
  ...{ path: 'a/devcontainer.json', digest: '1', builtAt: '2026-01-01T00:00:00.000Z' },
}
const record = (fields: Partial<DevcontainerRecord>): DevcontainerRecord => ({
  ...EMPTY_DEVCONTAINER_RECORD,
  ...{ paths: ['a/devcontainer.json', 'b/devcontainer.json'], digest: '1' },
  ...fields,
})

it('is as what is known of it', () => {
  const stateOf = (fields: Partial<DevcontainerRecord>, now = READY) => devcontainerState(record(fields), now).state
  expect(devcontainerState(undefined, READY).state).toBe('none')
  expect(stateOf({ paths: [] })).toBe('none')
  expect(stateOf({})).toBe('found')
  expect(stateOf({}, { isReady: true, isBuilding: true })).toBe('building')
  expect(stateOf({ container, isRunning: true })).toBe('running')
  expect(stateOf({ container, isRunning: true }, { isReady: false, isBuilding: false })).toBe('stopped')
  expect(stateOf({ container })).toBe('stopped')
  const problem = { code: 'DEVCONTAINER_FAILED', message: 'x', next: 'y', data: {} } as const
  expect(stateOf({ problem })).toBe('failed')
  expect(stateOf({ problem, container, isRunning: true })).toBe('running')
})

it('has changed when its files have, or when another configuration is chosen', () => {
  const isChanged = (fields: Partial<DevcontainerRecord>) => devcontainerState(record({ container, ...fields }), READY).changed
  expect(isChanged({})).toBe(false)
  expect(isChanged({ digest: '2' })).toBe(true)
  expect(isChanged({ chosen: 'b/devcontainer.json' })).toBe(true)
  // It could not be read, which says nothing.
  expect(isChanged({ digest: null })).toBe(false)
  // The chosen one no longer exists.
  expect(isChanged({ chosen: 'c/devcontainer.json' })).toBe(false)
})

it('is opened as the workspace says, or else as the settings do', () => {
  expect(devcontainerChoice('inherit', 'always')).toBe('always')
  expect(devcontainerChoice('never', 'always')).toBe('never')
})

it('gets the variables of its workspace that do not belong to the image, the user or the session', () => {
  expect(carriedVariables({ TOKEN: 'x', PATH: '/bin', LC_ALL: 'C', LANG: 'C', GONE: null, LCD: '1' })).toEqual({ TOKEN: 'x', LCD: '1' })
})
