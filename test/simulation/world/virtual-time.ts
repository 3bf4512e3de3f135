import { surroundings } from './current'

interface VirtualTimer {
  ref(): VirtualTimer
  unref(): VirtualTimer
  hasRef(): boolean
  refresh(): VirtualTimer
  cancel(): void
  [Symbol.toPrimitive](): number
}

let lastTimer = 0

function timer(begin: () => () => void): VirtualTimer {
  const id = ++lastTimer
  let cancel = begin()
  const made: VirtualTimer = {
    ref: () => made,
    unref: () => made,
    hasRef: () => true,
    refresh() {
      cancel()
      cancel = begin()
      return made
    },
    cancel: () => cancel(),
    [Symbol.toPrimitive]: () => id,
  }
  return made
}

function isTimer(value: unknown): value is VirtualTimer {
  return typeof value === 'object' && value !== null && 'cancel' in value
}

/** From now on every timer, time and number of chance of this process is the simulated world's. */
export function installVirtualTime(): void {
  const RealDate = Date
  class VirtualDate extends RealDate {
    constructor(...values: [] | [number | string | Date]) {
      if (values.length === 0) super(surroundings().world.clock())
      else super(...(values as [number]))
    }
    static override now(): number {
      return surroundings().world.clock()
    }
  }
  const after = (milliseconds: number | undefined, run: () => void) => surroundings().world.after(milliseconds ?? 0, run)
  const clear = (timer: unknown) => {
    if (isTimer(timer)) timer.cancel()
  }
  const replacements = {
    Date: VirtualDate,
    setTimeout: (run: (...values: unknown[]) => void, milliseconds?: number, ...values: unknown[]) =>
      timer(() => after(milliseconds, () => run(...values))),
    setImmediate: (run: (...values: unknown[]) => void, ...values: unknown[]) => timer(() => after(0, () => run(...values))),
    setInterval: (run: () => void, milliseconds?: number) => {
      let cancel: () => void = () => undefined
      const again = () => {
        cancel = after(Math.max(1, milliseconds ?? 1), () => {
          again()
          run()
        })
      }
      return timer(() => {
        again()
        return () => cancel()
      })
    },
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  }
  Object.assign(globalThis, replacements)
  Math.random = () => surroundings().world.random.next()
  performance.now = () => surroundings().world.now()
  AbortSignal.timeout = (milliseconds) => {
    const controller = new AbortController()
    after(milliseconds, () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')))
    return controller.signal
  }
}
