import type { OperationKind } from '../../../shared/operation-kinds'
import { firstVersion } from '../../operations/first-version'
import type { OlderVersion, Step } from '../../operations/operation-definition'
import type { LifecycleServices } from '../base/lifecycle-services'
import type { WorkspaceInput } from '../base/workspace-input'
import { initStep } from './init-script'
import { postStartStep } from './post-start'
import { containerScripts } from './script-runner'
import { stepIf } from './start-steps'

/** The end of every operation that starts a workspace. */
export function scriptSteps(services: LifecycleServices): Step<WorkspaceInput>[] {
  const scripts = containerScripts(services)
  return [initStep(scripts), postStartStep(scripts)]
}

/** The same for an operation that starts its workspace only if that is wanted. */
export function scriptStepsIf<Input extends WorkspaceInput>(
  services: LifecycleServices,
  isWanted: (input: Input) => boolean,
): Step<Input>[] {
  return scriptSteps(services).map((step) => stepIf(step, isWanted))
}

/** Of operations that now end with scripts, as they were before. Version 2 had the steps of the first. */
export function versionsWithoutScripts<Input>(kind: OperationKind): OlderVersion<Input>[] {
  const first = firstVersion(kind)
  return [{ ...first, version: 2 }, first]
}
