import { Check } from 'lucide-react'
import { createContext, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react'

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
    section.current?.querySelector<HTMLElement>('[data-control] :is(input, textarea, button)')?.focus({ preventScroll: true })
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

/** Given around the row of a setting that differs from its default; `reset` brings that back. */
export const ChangeMark = createContext<{ reset: ReactNode } | null>(null)

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
  const change = useContext(ChangeMark)
  return (
    <div className="relative flex flex-wrap items-start gap-x-6 gap-y-1.5 py-2.5">
      {change !== null && <span aria-hidden className="absolute inset-y-2.5 -left-2.5 w-0.5 rounded-full bg-accent" />}
      <div className="min-w-50 flex-1">
        <div className="flex items-center gap-2">
          <span id={id} className="font-medium">
            {title}
          </span>
          {change !== null && <span className="sr-only">Changed</span>}
          <Saved count={savedCount} />
          {change?.reset}
        </div>
        <div id={`${id}-note`} aria-live="polite" className="text-sm">
          {description && <p className="text-ink-muted">{description}</p>}
          {problem !== null && <p className="text-bad">{problem}</p>}
          {warning !== null && <p className="text-warn">{warning}</p>}
        </div>
      </div>
      <div data-control className="w-full max-w-85">
        {children({ labelledBy: id, describedBy: `${id}-note` })}
      </div>
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
