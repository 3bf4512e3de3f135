import { type FocusEvent, type KeyboardEvent, useEffect, useState } from 'react'
import { type Settings, settingsPatchSchema } from '../../../shared/contract/settings'
import type { PortRangeSetting } from '../../../shared/settings/setting-kinds'
import { TextInput } from '../../ui/field'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'

function checkRange(typed: { from: string; to: string }) {
  const [from, to] = [typed.from, typed.to].map((end) => (/^\d{1,6}$/.test(end.trim()) ? Number(end.trim()) : Number.NaN))
  return settingsPatchSchema.safeParse({ sshPorts: { from, to } })
}

/** Two fields that are one setting: kept when both are left, so that a range can be typed end by end. */
export function PortRangeRow({ setting, settings }: { setting: PortRangeSetting; settings: Settings }) {
  const current = { from: String(settings.sshPorts.from), to: String(settings.sshPorts.to) }
  const [typed, setTyped] = useState(current)
  const [isEditing, setIsEditing] = useState(false)
  const [savedCount, setSavedCount] = useState(0)
  const checked = checkRange(typed)
  const isChanged = typed.from !== current.from || typed.to !== current.to

  // biome-ignore lint/correctness/useExhaustiveDependencies: `current` is made anew each time; its two ends are what counts
  useEffect(() => {
    if (!isEditing) setTyped(current)
  }, [current.from, current.to, isEditing])

  const change = (end: 'from' | 'to') => (event: { target: { value: string } }) => {
    setIsEditing(true)
    setTyped({ ...typed, [end]: event.target.value })
  }
  const keep = async () => {
    if (!checked.success) return
    const isKept = !isChanged || (await updateSettings(checked.data))
    setIsEditing(!isKept)
    if (isKept && isChanged) setSavedCount(savedCount + 1)
  }
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) void keep()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void keep()
    if (event.key === 'Escape') setIsEditing(false)
  }
  const range = checked.data?.sshPorts
  const count = range ? range.to - range.from + 1 : 0

  return (
    <SettingRow
      title={setting.title}
      description={setting.description}
      problem={checked.error?.issues[0]?.message ?? null}
      savedCount={savedCount}
    >
      {({ describedBy }) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
        <div role="group" aria-label={setting.title} className="flex items-center gap-2" onBlur={onBlur} onKeyDown={onKeyDown}>
          <TextInput
            mono
            aria-label="First ssh port"
            aria-describedby={describedBy}
            aria-invalid={!checked.success}
            inputMode="numeric"
            className="max-w-20"
            value={typed.from}
            onChange={change('from')}
          />
          to
          <TextInput
            mono
            aria-label="Last ssh port"
            aria-describedby={describedBy}
            aria-invalid={!checked.success}
            inputMode="numeric"
            className="max-w-20"
            value={typed.to}
            onChange={change('to')}
          />
          {count > 0 && <span className="whitespace-nowrap text-ink-muted text-sm">room for {count}</span>}
        </div>
      )}
    </SettingRow>
  )
}
