/** How long what has done its work stays, so that its end is not in the way of what follows. */
const LINGER_MS = 5000

interface Holder {
  /** Volumes that nobody can remove before it is gone. */
  names: string[]
  end(): void
  ended: Promise<unknown>
}

/** Containers that have done their work and are ended a little later, or when somebody wants to remove a volume of theirs. */
export interface VolumeHolds {
  hold(holder: Holder): void
  /** Resolves when nothing that was told holds the volume any more. */
  release(name: string): Promise<void>
  /** Ends all of them now. */
  close(): void
}

export function createVolumeHolds(): VolumeHolds {
  const holders = new Set<Holder & { timer: NodeJS.Timeout }>()

  function end(holder: Holder & { timer: NodeJS.Timeout }): void {
    clearTimeout(holder.timer)
    holder.end()
  }

  return {
    hold(given) {
      const holder = { ...given, timer: setTimeout(() => end(holder), LINGER_MS).unref() }
      holders.add(holder)
      const forget = () => {
        clearTimeout(holder.timer)
        holders.delete(holder)
      }
      given.ended.then(forget, forget)
    },
    async release(name) {
      const held = [...holders].filter(({ names }) => names.includes(name))
      for (const holder of held) end(holder)
      await Promise.allSettled(held.map(({ ended }) => ended))
    },
    close() {
      for (const holder of holders) end(holder)
    },
  }
}
