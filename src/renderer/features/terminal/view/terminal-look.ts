import { useMemo } from 'react'
import { type Settings, settingsSchema } from '../../../../shared/contract/settings'
import { useSettings } from '../../../store/store'
import { updateSettings } from '../../../workspace-model/settings/update-settings'
import { useScreenReaderMode } from './screen-reader-mode'

/** How terminals look and what they do by themselves. */
export interface TerminalLook {
  /** As CSS takes it; null for Berth's own. */
  fontFamily: string | null
  fontSize: number
  scrollback: number
  copyOnSelect: boolean
  bell: Settings['terminalBell']
  screenReaderMode: boolean
}

const { terminalFontSize: fontSizeSchema } = settingsSchema.shape
const DEFAULTS = settingsSchema.parse({})

export function useTerminalLook(): TerminalLook {
  const settings = useSettings() ?? DEFAULTS
  const [screenReaderMode] = useScreenReaderMode()
  const { terminalFontFamily, terminalFontSize, terminalScrollback, terminalCopyOnSelect, terminalBell } = settings
  return useMemo(
    () => ({
      fontFamily: terminalFontFamily,
      fontSize: terminalFontSize,
      scrollback: terminalScrollback,
      copyOnSelect: terminalCopyOnSelect,
      bell: terminalBell,
      screenReaderMode,
    }),
    [terminalFontFamily, terminalFontSize, terminalScrollback, terminalCopyOnSelect, terminalBell, screenReaderMode],
  )
}

/** What was asked for and is not known to be so yet: keys that are pressed quickly go on from there. */
let askedSize: number | null = null

/** Larger, smaller, or as it is at first; nothing happens at either end. */
export function zoomTerminal(fontSize: number, step: 1 | -1 | 0): void {
  const from = askedSize ?? fontSize
  const wanted = step === 0 ? DEFAULTS.terminalFontSize : from + step
  if (wanted === from || !fontSizeSchema.safeParse(wanted).success) return
  askedSize = wanted
  void updateSettings({ terminalFontSize: wanted }).then(() => {
    if (askedSize === wanted) askedSize = null
  })
}
