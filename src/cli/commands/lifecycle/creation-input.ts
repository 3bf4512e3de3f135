import type { InferContractRouterInputs } from '@orpc/contract'
import type { contract } from '../../../shared/contract/contract'
import type { LimitsPatch } from '../../../shared/limits'
import type { CliHost } from '../../context'
import { parseEnvironment } from '../../options/environment-options'

export interface CreationOptions {
  clone?: string
  image?: string
  label?: string
  env: string[]
  limitDisk?: number
  limitMemory?: number
  limitCpus?: number
  limitProcesses?: number
  /** Cloned from it instead of made anew. */
  template?: string
}

type CreationInput = InferContractRouterInputs<typeof contract>['workspaces']['create']

/** What `start` and `create` ask for. Names and URLs are checked where they are used, so that every door gives the same reason. */
export function creationInput(name: string, options: CreationOptions, env: CliHost['env']): CreationInput {
  const variables = parseEnvironment(options.env, env)
  return {
    name,
    ...(options.clone === undefined ? {} : { clone: options.clone }),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(options.label === undefined ? {} : { label: options.label }),
    ...(options.template === undefined ? {} : { template: options.template }),
    ...(options.env.length === 0 ? {} : { env: variables }),
    ...limitsInput(options),
  }
}

function limitsInput({ limitDisk, limitMemory, limitCpus, limitProcesses }: CreationOptions): Pick<CreationInput, 'limits'> {
  const limits: LimitsPatch = {
    ...(limitDisk === undefined ? {} : { diskBytes: limitDisk }),
    ...(limitMemory === undefined ? {} : { memoryBytes: limitMemory }),
    ...(limitCpus === undefined ? {} : { cpus: limitCpus }),
    ...(limitProcesses === undefined ? {} : { processes: limitProcesses }),
  }
  return Object.keys(limits).length === 0 ? {} : { limits }
}
