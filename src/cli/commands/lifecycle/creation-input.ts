import { join, resolve } from 'node:path'
import type { InferContractRouterInputs } from '@orpc/contract'
import type { contract } from '../../../shared/contract/contract'
import type { CliHost } from '../../context'
import { type ConfigurationOptions, givenConfiguration } from '../../options/configuration-options'
import { givenPlacement, type PlacementOptions } from '../../options/shared-options'

export interface CreationOptions extends ConfigurationOptions, PlacementOptions {
  /** The first one is the workspace’s main repository. */
  clone?: string[]
  /** Cloned from it instead of made anew. */
  template?: string
  /** A folder of this machine; `folder` is then that folder. */
  host?: boolean
  /** Whoever asks knows that it is not isolated. */
  yes?: boolean
}

type CreationInput = InferContractRouterInputs<typeof contract>['workspaces']['create']

/** What `start` and `create` ask for. */
export async function creationInput(
  name: string,
  options: CreationOptions,
  host: Pick<CliHost, 'env' | 'homedir' | 'stdin'>,
): Promise<CreationInput> {
  const { clone = [], template, host: isHost, yes } = options
  const [first, ...further] = clone.map((repo) => (isPath(repo) ? absolutePath(repo, host.homedir) : repo))
  return {
    name,
    ...(first === undefined ? {} : { clone: first }),
    ...(further.length === 0 ? {} : { alsoClone: further }),
    ...(isHost ? await hostConfiguration(options, host) : await givenConfiguration('creation', options, host)),
    ...(isHost ? { host: { ...hostFolder(options.folder, host.homedir), ...(yes ? { confirmed: true } : {}) } } : {}),
    ...(template === undefined ? {} : { template }),
    ...givenPlacement(options),
  }
}

async function hostConfiguration({ folder: _, ...options }: CreationOptions, host: Pick<CliHost, 'env' | 'stdin'>) {
  return givenConfiguration('creation', options, host)
}

const hostFolder = (folder: unknown, homedir: string) => (typeof folder === 'string' ? { folder: absolutePath(folder, homedir) } : {})

/** A folder of this machine has to look like one: `owner/repo` is a repository of GitHub. */
function isPath(text: string): boolean {
  return ['/', './', '../', '~/'].some((start) => text.startsWith(start)) || ['.', '..', '~'].includes(text)
}

/** A shell leaves the tilde as it is in `--clone=~/repo`. */
function absolutePath(path: string, homedir: string): string {
  return path.startsWith('~') ? join(homedir, path.slice(1)) : resolve(path)
}
