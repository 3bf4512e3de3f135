import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'

/** A ticket that nobody takes within this time is forgotten. */
const LIFETIME_MS = 30_000
/** More than anybody opens in half a minute. */
const MOST_TICKETS = 10_000

/** What was asked for on one way, to be fetched once on another by an id that cannot be guessed. */
export interface Tickets<Value> {
  /** Throws INPUT_INVALID when far too many are open. */
  open(value: Value): string
  has(id: string): boolean
  /** Throws SESSION_NOT_FOUND. */
  take(id: string): Value
  close(): void
}

export function createTickets<Value>(kind: string): Tickets<Value> {
  const open = new Map<string, { value: Value; timer: NodeJS.Timeout }>()
  return {
    open(value) {
      if (open.size >= MOST_TICKETS) throw tooMany(kind)
      const id = `${kind}-${nanoid()}`
      const timer = setTimeout(() => open.delete(id), LIFETIME_MS)
      timer.unref()
      open.set(id, { value, timer })
      return id
    },
    has: (id) => open.has(id),
    take(id) {
      const ticket = open.get(id)
      if (!ticket)
        throw new BerthError('SESSION_NOT_FOUND', `The ${kind} ${id} does not exist.`, { sessionId: id, next: 'Open a new one.' })
      open.delete(id)
      clearTimeout(ticket.timer)
      return ticket.value
    },
    close() {
      for (const { timer } of open.values()) clearTimeout(timer)
      open.clear()
    },
  }
}

function tooMany(kind: string): BerthError {
  const message = `Too many ${kind}s were opened but never started.`
  return new BerthError('INPUT_INVALID', message, { issues: [{ path: '', message }], next: 'Wait 30 seconds, then try again.' })
}
