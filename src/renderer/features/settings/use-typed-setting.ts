import { type KeyboardEvent, useEffect, useState } from 'react'
import type { SettingsPatch } from '../../../shared/contract/settings'
import { updateSettings } from './update-settings'

interface TypedSetting {
  /** Why what is typed cannot be kept; null when it can. */
  problem: string | null
  /** What is typed, as the change it makes. */
  patch: SettingsPatch | null
}

/**
 * A setting that is typed: kept when the field is left or Enter is pressed, taken back with Escape. `current` is what Berth has;
 * when that changes elsewhere, the field follows, unless it is being typed in.
 */
export function useTypedSetting(current: string, check: (typed: string) => TypedSetting) {
  const [typed, setTyped] = useState(current)
  const [isEditing, setIsEditing] = useState(false)
  const [savedCount, setSavedCount] = useState(0)
  const { problem, patch } = check(typed)

  useEffect(() => {
    if (!isEditing) setTyped(current)
  }, [current, isEditing])

  const keep = async () => {
    if (typed === current || patch === null) {
      setIsEditing(typed !== current)
      return
    }
    const isKept = await updateSettings(patch)
    setIsEditing(!isKept)
    if (isKept) setSavedCount((count) => count + 1)
  }

  return {
    problem,
    savedCount,
    control: {
      value: typed,
      'aria-invalid': problem !== null,
      onChange: (event: { target: { value: string } }) => {
        setIsEditing(true)
        setTyped(event.target.value)
      },
      onBlur: () => void keep(),
      onKeyDown: (event: KeyboardEvent) => {
        const isMultiline = event.currentTarget instanceof HTMLTextAreaElement
        if (event.key === 'Enter' && (!isMultiline || event.ctrlKey || event.metaKey)) void keep()
        if (event.key === 'Escape') {
          setTyped(current)
          setIsEditing(false)
        }
      },
    },
  }
}
