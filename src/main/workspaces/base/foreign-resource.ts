import { BerthError } from '../../../shared/errors'

/** Something on the engine has a name that Berth needs, and is not this workspace's. */
export function foreign(resource: 'container' | 'volume', name: string): BerthError {
  return new BerthError('FOREIGN_RESOURCE', `The engine has a ${resource} named ${name} already, and it is not this Berth’s.`, {
    resource,
    name,
    next: `Choose another name, or remove the ${resource} yourself if nobody needs it. Berth leaves it alone.`,
  })
}
