import { describe, expect, it } from 'vitest'
import { operationTitle, operationVerb } from './describe-operation'
import { operationKindSchema } from './operation'
import { operation } from './testing/operation'

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

  it('does not call it a failure to create what lacks its repository only', () => {
    const error = { code: 'REPO_CLONE_FAILED', message: '', next: '', data: {} } as const
    expect(operationTitle(operation({ status: 'failed', error }))).toBe('Created demo; a repository is missing')
    expect(operationVerb(operation({ status: 'failed', error }))).toBe('Created; a repository is missing')
  })

  it('says which script failed of what stands and runs, and that a rerun of it failed', () => {
    const error = { code: 'INIT_SCRIPT_FAILED', message: '', next: '', data: {} } as const
    expect(operationTitle(operation({ status: 'failed', error }))).toBe('Created demo; its init script failed')
    expect(operationVerb(operation({ status: 'failed', error: { ...error, code: 'POST_START_FAILED' } }))).toBe(
      'Created; a post-start script failed',
    )
    expect(operationVerb(operation({ kind: 'workspace.rerun-init', status: 'failed', error }))).toBe('Could not rerun the init script')
  })

  it.each([
    ['running', 'Cloning to demo'],
    ['rolling-back', 'Undoing the clone to demo'],
    ['succeeded', 'Cloned to demo'],
    ['failed', 'Could not clone to demo'],
    ['cancelled', 'Clone to demo cancelled'],
  ] as const)('of a clone that is %s names what is made, not what it is made of', (status, title) => {
    expect(operationTitle(operation({ kind: 'workspace.clone', status }))).toBe(title)
  })

  it.each([
    ['running', 'Taking a snapshot of demo'],
    ['rolling-back', 'Undoing the snapshot of demo'],
    ['cancelled', 'Snapshot of demo cancelled'],
  ] as const)('of a snapshot that is %s', (status, title) => {
    expect(operationTitle(operation({ kind: 'snapshot.create', status }))).toBe(title)
  })

  it('is never empty, and stands without the name beside the workspace it is about', () => {
    for (const kind of operationKindSchema.options)
      expect(operationVerb(operation({ kind, status: 'succeeded' }))).toMatch(/^[A-Z][a-z ]+$/)
    expect(operationVerb(operation({ kind: 'snapshot.restore' }))).toBe('Restoring')
  })

  it('names the image when it is about no workspace', () => {
    expect(operationTitle(operation({ kind: 'image.build', workspaceName: null }))).toBe('Building the workspace image')
  })
})
