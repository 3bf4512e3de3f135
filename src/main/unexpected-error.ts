import { nanoid } from 'nanoid'
import { BerthError } from '../shared/errors'
import { log } from './log'

/** The error for unforeseen failures: logged completely, and reported with a reference to the log. `what` is for the log. */
export function unexpectedError(error: unknown, what: string): BerthError<'INTERNAL'> {
  const reference = nanoid(8)
  log.error({ err: error, reference }, what)
  return new BerthError('INTERNAL', `Something in Berth went wrong (${reference}).`, {
    reference,
    next: 'Try again. If it happens again, report it with the log of Berth.',
  })
}
