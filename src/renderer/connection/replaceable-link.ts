import type { ClientLink } from '@orpc/client'
import { ConnectionLostError } from './connection'

type Link = ClientLink<Record<never, never>>

/** Calls go over the link there is at that moment; those it cannot take, or was lost under, fail with ConnectionLostError. */
export function replaceableLink(currentLink: () => Link | null): Link {
  return {
    async call(path, input, options) {
      const link = currentLink()
      if (link === null) throw new ConnectionLostError()
      try {
        return await link.call(path, input, options)
      } catch (error) {
        // The link went while the call was under way: what oRPC then throws does not say so.
        if (currentLink() !== link && options.signal?.aborted !== true) throw new ConnectionLostError({ cause: error })
        throw error
      }
    },
  }
}
