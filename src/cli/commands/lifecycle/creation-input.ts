import type { InferContractRouterInputs } from '@orpc/contract'
import type { contract } from '../../../shared/contract/contract'
import type { CliHost } from '../../context'
import { type ConfigurationOptions, givenConfiguration } from '../../options/configuration-options'

export interface CreationOptions extends ConfigurationOptions {
  clone?: string
  /** Cloned from it instead of made anew. */
  template?: string
}

type CreationInput = InferContractRouterInputs<typeof contract>['workspaces']['create']

/** What `start` and `create` ask for. */
export function creationInput(name: string, options: CreationOptions, env: CliHost['env']): CreationInput {
  const { clone, template } = options
  return {
    name,
    ...(clone === undefined ? {} : { clone }),
    ...givenConfiguration('creation', options, env),
    ...(template === undefined ? {} : { template }),
  }
}
