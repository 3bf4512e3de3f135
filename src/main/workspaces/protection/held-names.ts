/** Names that somebody is removing at this moment, counted. */
export interface HeldNames {
  has(name: string): boolean
  during<Value>(name: string, work: () => Promise<Value>): Promise<Value>
}

export function createHeldNames(): HeldNames {
  const counts = new Map<string, number>()
  return {
    has: (name) => counts.has(name),
    async during(name, work) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
      try {
        return await work()
      } finally {
        const left = (counts.get(name) ?? 1) - 1
        if (left === 0) counts.delete(name)
        else counts.set(name, left)
      }
    },
  }
}
