import { CircleAlert, CircleCheck, Info, type LucideIcon, X } from 'lucide-react'
import { type ExternalToast, Toaster, toast } from 'sonner'
import { Button, IconButton } from './button'
import { ForeignText } from './foreign-text'

type Tone = 'good' | 'bad' | 'plain'

const ICONS: Record<Tone, [LucideIcon, colour: string]> = {
  good: [CircleCheck, 'text-good'],
  bad: [CircleAlert, 'text-bad'],
  plain: [Info, 'text-ink-muted'],
}

export interface NoticeAction {
  label: string
  run(): void
}

interface Notice {
  tone: Tone
  title: string
  message?: string
  /** Each closes the notice. */
  actions?: NoticeAction[]
  /** A later notice with the same id takes its place. */
  id?: string
}

const SHORT_MS = 5000
const LONG_MS = 20_000

/**
 * The toasts of the notices with an id that are shown. One that leaves takes what comes under its own id with it, so the next notice with
 * the id has another toast.
 */
const shown = new Map<string, string>()
let toasts = 0

/** A toast. One that asks for something stays longer; one that has the pointer on it stays. */
export function showNotice({ tone, title, message, actions = [], id = `notice ${toasts}` }: Notice): void {
  toasts += 1
  const toastId = shown.get(id) ?? `${id} ${toasts}`
  shown.set(id, toastId)
  const forget = () => {
    if (shown.get(id) === toastId) shown.delete(id)
  }
  const close = () => {
    forget()
    toast.dismiss(toastId)
  }
  const options: ExternalToast = { id: toastId, duration: tone === 'bad' ? LONG_MS : SHORT_MS, onAutoClose: forget, onDismiss: forget }
  toast.custom(() => <NoticeCard {...{ tone, title, message, actions }} onClose={close} />, options)
}

/** Takes the notice with that id away, if it is still shown. */
export function dismissNotice(id: string): void {
  const toastId = shown.get(id)
  if (toastId === undefined) return
  shown.delete(id)
  toast.dismiss(toastId)
}

interface NoticeCardProps {
  tone: Tone
  title: string
  message: string | undefined
  actions: NoticeAction[]
  onClose(): void
}

function NoticeCard({ tone, title, message, actions, onClose }: NoticeCardProps) {
  const [Icon, colour] = ICONS[tone]
  return (
    <div
      className="flex w-90 max-w-[calc(100vw-32px)] gap-2.5 rounded-lg bg-raised p-3 text-ink shadow-overlay"
      role={tone === 'bad' ? 'alert' : undefined}
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} />
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">
          <ForeignText text={title} />
        </p>
        {message && (
          <p className="line-clamp-6 break-words text-ink-muted">
            <ForeignText text={message} />
          </p>
        )}
        {actions.length > 0 && (
          <div className="mt-2 flex flex-wrap gap-1.5">
            {actions.map(({ label, run }) => (
              <Button
                key={label}
                size="small"
                onClick={(event) => {
                  // The toaster gives the focus back to where it was when it leaves: let that be before the action moves it.
                  event.currentTarget.blur()
                  onClose()
                  run()
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        )}
      </div>
      <IconButton icon={X} label="Dismiss" size="small" className="-mt-1 -mr-1" onClick={onClose} />
    </div>
  )
}

/** Where notices appear; once, in the shell. */
export function Notices() {
  return <Toaster position="bottom-right" offset={{ bottom: 36, right: 12 }} gap={8} visibleToasts={4} containerAriaLabel="Notices" />
}
