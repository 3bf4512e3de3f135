import { BerthError } from '../../../shared/errors'

/** Something on the engine has a name that Berth needs, and is not this workspace's. */
export function foreign(resource: 'container' | 'volume', name: string): BerthError {
  return new BerthError('FOREIGN_RESOURCE', `The engine already has a ${resource} named ${name} that does not belong to this Berth.`, {
    resource,
    name,
    next: `Choose another name, or remove the ${resource} yourself if it is not needed. Berth does not touch it.`,
  })
}
