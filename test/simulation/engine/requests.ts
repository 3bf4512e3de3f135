import { engineError, engineStatusOf } from '../../../src/main/engine/engine-errors'
import { refusal } from './refusal'

/** For what is so already: the engine's answer of that status is no failure. */
export function ignoring<Value>(status: number, apply: () => Value | Promise<Value>): () => Value | Promise<Value> | undefined {
  return () => {
    try {
      return apply()
    } catch (error) {
      if (engineStatusOf(error) === status) return undefined
      throw error
    }
  }
}

/** The engine's filter “key” or “key=value”. */
export function hasLabel(labels: Record<string, string>, wanted: string): boolean {
  const separator = wanted.indexOf('=')
  return separator === -1 ? wanted in labels : labels[wanted.slice(0, separator)] === wanted.slice(separator + 1)
}

export function uncovered(what: string) {
  return () => Promise.reject(engineError(refusal(501, 'the simulation does not have it'), what, ''))
}
