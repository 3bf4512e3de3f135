import { type KeyboardEvent, useEffect, useState } from 'react'

/** What came of keeping a value: a refusal that belongs at the field comes with its words, any other was told elsewhere. */
export type Kept = { ok: true } | { ok: false; problem: string | null }

interface TypedChange<Change> {
  /** Why what is typed cannot be kept; null when it can. */
  problem: string | null
  /** What is typed, as the change it makes. */
  change: Change | null
}

/**
 * A value that is typed: kept when the field is left or Enter is pressed, taken back with Escape. `current` is what Berth has;
 * when that changes elsewhere, the field follows, unless it is being typed in.
 */
export function useTypedField<Change>(
  current: string,
  check: (typed: string) => TypedChange<Change>,
  keepChange: (change: Change) => Promise<Kept>,
) {
  const [typed, setTyped] = useState(current)
  const [isEditing, setIsEditing] = useState(false)
  const [savedCount, setSavedCount] = useState(0)
  const [refusal, setRefusal] = useState<string | null>(null)
  const checked = check(typed)
  const problem = checked.problem ?? refusal

  useEffect(() => {
    if (!isEditing) setTyped(current)
  }, [current, isEditing])

  const keep = async () => {
    if (typed === current || checked.change === null) {
      setIsEditing(typed !== current)
      return
    }
    const kept = await keepChange(checked.change)
    setIsEditing(!kept.ok)
    setRefusal(kept.ok ? null : kept.problem)
    if (kept.ok) setSavedCount((count) => count + 1)
  }

  return {
    problem,
    savedCount,
    control: {
      value: typed,
      'aria-invalid': problem !== null,
      onChange: (event: { target: { value: string } }) => {
        setIsEditing(true)
        setRefusal(null)
        setTyped(event.target.value)
      },
      // What was refused is tried again with Enter, not by leaving it.
      onBlur: () => void (refusal === null && keep()),
      onKeyDown: (event: KeyboardEvent) => {
        const isMultiline = event.currentTarget instanceof HTMLTextAreaElement
        if (event.key === 'Enter' && (!isMultiline || event.ctrlKey || event.metaKey)) void keep()
        if (event.key === 'Escape') {
          setTyped(current)
          setRefusal(null)
          setIsEditing(false)
        }
      },
    },
  }
}
