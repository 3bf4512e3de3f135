import { surroundings } from '../world/current'

export function setTimeout<Value>(milliseconds: number, value?: Value, options?: { signal?: AbortSignal }): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = surroundings().world.after(milliseconds, () => resolve(value))
    options?.signal?.addEventListener('abort', () => {
      cancel()
      reject(options.signal?.reason)
    })
  })
}
export const setImmediate = <Value>(value?: Value) => setTimeout(0, value)
