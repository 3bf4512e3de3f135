import { useCallback, useMemo, useState } from 'react'

/** A text that somebody has begun to change, and the digest of what it was. */
export interface Draft {
  text: string
  digest: string
}

/** What was typed and not saved, by file; it stays while other entries are looked at. */
export interface Drafts {
  of(path: string): Draft | null
  set(path: string, draft: Draft | null): void
  unsaved: ReadonlySet<string>
}

export function useDrafts(): Drafts {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map())
  const set = useCallback((path: string, draft: Draft | null) => {
    setDrafts((before) => {
      const after = new Map(before)
      if (draft === null) after.delete(path)
      else after.set(path, draft)
      return after
    })
  }, [])
  return useMemo(() => ({ of: (path) => drafts.get(path) ?? null, set, unsaved: new Set(drafts.keys()) }), [drafts, set])
}
