import { expect, test, vi } from 'vitest'
import type { StepContext } from '../../operations/operation-definition'
import type { WorkspaceRecord } from '../../settings/records'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import type { LifecycleServices } from '../base/lifecycle-services'
import type { WorkspaceInput } from '../base/workspace-input'
import { scriptSteps } from './script-steps'

/** Everything that the steps do not need without scripts to run is missing: to ask for it would throw. */
function servicesOf(record: WorkspaceRecord, settings: { initScript?: string | null; postStart?: string[] } = {}) {
  const patch = vi.fn(async () => undefined)
  const services = {
    records: { get: () => record, patch },
    settings: () => ({ initScript: null, postStart: [], ...settings }),
  } as unknown as LifecycleServices
  return { services, patch }
}

async function skipsOf({ services }: ReturnType<typeof servicesOf>): Promise<string[]> {
  const skips: string[] = []
  const context = {
    input: { id: 'w1', name: 'one', place: 'local' },
    recall: () => null,
    notice: () => undefined,
    skip: (reason: string) => void skips.push(reason),
  } as unknown as StepContext<WorkspaceInput>
  for (const step of scriptSteps(services)) await step.run(context)
  return skips
}

test('without scripts neither the engine is asked nor a record written', async () => {
  const one = servicesOf(workspaceRecord())
  expect(await skipsOf(one)).toEqual(['There is no init script.', 'There are no post-start scripts.'])
  expect(one.patch).not.toHaveBeenCalled()
})

test('what has run, or was running, is left alone', async () => {
  const one = servicesOf(workspaceRecord({ initScript: 'make' }), { initScript: '/a', postStart: ['/b'] })
  expect(await skipsOf(one)).toEqual(['There is no init script.', 'It was running.'])
  expect(one.patch).not.toHaveBeenCalled()
})

test('an init script that failed and was taken away since is done', async () => {
  const one = servicesOf(workspaceRecord({ init: { status: 'running' } }))
  expect(await skipsOf(one)).toEqual(['There is no init script.', 'There are no post-start scripts.'])
  expect(one.patch).toHaveBeenCalledWith('w1', { init: undefined })
})
