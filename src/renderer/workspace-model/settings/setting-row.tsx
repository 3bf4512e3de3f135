import { Check } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

interface SettingsSectionProps {
  id: string
  title: string
  /** Scrolled to and marked: the way a problem's button leads here. */
  isTarget: boolean
  children: ReactNode
}

export function SettingsSection({ id, title, isTarget, children }: SettingsSectionProps) {
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isTarget) return
    section.current?.scrollIntoView({ block: 'start' })
    section.current?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
  }, [isTarget])
  return (
    <section ref={section} aria-labelledby={id} className="scroll-mt-5">
      <h2 id={id} className="mb-1 border-line border-b pb-1 font-semibold">
        {title}
      </h2>
      <div className="flex flex-col">{children}</div>
    </section>
  )
}

interface SettingRowProps {
  title: string
  description?: ReactNode
  problem?: string | null
  warning?: string | null
  /** Changes each time that it was kept. */
  savedCount?: number
  children(ids: { labelledBy: string; describedBy: string }): ReactNode
}

/** A setting: its name and words on the left, its control on the right; below one another in a narrow window. */
export function SettingRow({ title, description, problem = null, warning = null, savedCount = 0, children }: SettingRowProps) {
  const id = useId()
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-1.5 py-2.5">
      <div className="min-w-50 flex-1">
        <div id={id} className="flex items-center gap-2 font-medium">
          {title}
          <Saved count={savedCount} />
        </div>
        <div id={`${id}-note`} aria-live="polite" className="text-sm">
          {description && <p className="text-ink-muted">{description}</p>}
          {problem !== null && <p className="text-bad">{problem}</p>}
          {warning !== null && <p className="text-warn">{warning}</p>}
        </div>
      </div>
      <div className="w-full max-w-85">{children({ labelledBy: id, describedBy: `${id}-note` })}</div>
    </div>
  )
}

const SAVED_SHOWN_MS = 2000

function Saved({ count }: { count: number }) {
  const [isShown, setIsShown] = useState(false)
  useEffect(() => {
    if (count === 0) return
    setIsShown(true)
    const timer = setTimeout(() => setIsShown(false), SAVED_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [count])
  return (
    <span role="status" className="flex items-center gap-1 font-normal text-good text-sm">
      {isShown && (
        <>
          <Check aria-hidden className="size-3" /> Saved
        </>
      )}
    </span>
  )
}
