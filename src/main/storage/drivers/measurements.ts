/** Measuring keeps the volumes in use, and a removal does not wait for it: the measurement restarts without that volume. */
export interface Measurements {
  /** `measure` gets the names that are not being removed, and a signal that is also aborted when one of them is to be. */
  run<Value>(names: string[], signal: AbortSignal, measure: (names: string[], signal: AbortSignal) => Promise<Value>): Promise<Value>
  /** Nothing measures the volume while `work` runs. */
  without<Value>(name: string, work: () => Promise<Value>): Promise<Value>
}

interface Measurement {
  names: string[]
  interruption: AbortController
  ended: Promise<void>
}

export function createMeasurements(): Measurements {
  const underWay = new Set<Measurement>()
  const removing: string[] = []

  return {
    async run(names, signal, measure) {
      for (;;) {
        const left = names.filter((name) => !removing.includes(name))
        const { promise: ended, resolve: end } = Promise.withResolvers<void>()
        const measurement = { names: left, interruption: new AbortController(), ended }
        const { signal: interrupted } = measurement.interruption
        underWay.add(measurement)
        try {
          return await measure(left, AbortSignal.any([signal, interrupted]))
        } catch (error) {
          if (!interrupted.aborted || signal.aborted) throw error
        } finally {
          underWay.delete(measurement)
          end()
        }
      }
    },
    async without(name, work) {
      removing.push(name)
      try {
        for (const { names, interruption, ended } of [...underWay]) {
          if (!names.includes(name)) continue
          interruption.abort()
          await ended
        }
        return await work()
      } finally {
        removing.splice(removing.indexOf(name), 1)
      }
    },
  }
}
