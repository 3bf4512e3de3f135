import { X } from 'lucide-react'
import { Dialog as RadixDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { IconButton } from './button'
import { classNames } from './class-names'
import { ForeignText } from './foreign-text'
import { useGiveFocusBack } from './give-focus-back'

interface DialogProps {
  open: boolean
  onClose(): void
  title: ReactNode
  /** Said to those who do not see it; shown below the title unless `descriptionHidden`. */
  description: ReactNode
  descriptionHidden?: boolean
  width?: 'narrow' | 'wide'
  children: ReactNode
}

/** Nothing in it asked for the focus: none of its buttons gets it, so that a stray Enter does nothing. */
function focusItself(event: Event): void {
  event.preventDefault()
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
}

/** A modal dialog: traps the focus, closes with Escape, gives the focus back. Its body scrolls in a low window. */
export function Dialog({ open, onClose, title, description, descriptionHidden = false, width = 'narrow', children }: DialogProps) {
  useGiveFocusBack()
  return (
    <RadixDialog.Root open={open} onOpenChange={(next) => next || onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <RadixDialog.Content
          onOpenAutoFocus={focusItself}
          className={classNames(
            'overlay-in -translate-x-1/2 fixed top-[max(16px,12vh)] left-1/2 z-40 flex max-h-[min(76vh,calc(100vh-32px))] w-[calc(100vw-32px)] flex-col overflow-hidden rounded-lg bg-raised shadow-overlay outline-none',
            // A low window has no height to give away.
            '[@media(max-height:600px)]:top-4 [@media(max-height:600px)]:max-h-[calc(100vh-32px)]',
            width === 'narrow' ? 'max-w-[480px]' : 'max-w-[640px]',
          )}
        >
          <div className="flex items-start gap-2 px-5 pt-4 pb-1">
            <div className="min-w-0 flex-1">
              <RadixDialog.Title className="truncate font-semibold text-lg">
                {typeof title === 'string' ? <ForeignText text={title} /> : title}
              </RadixDialog.Title>
              <RadixDialog.Description className={descriptionHidden ? 'sr-only' : 'mt-0.5 text-ink-muted'}>
                {description}
              </RadixDialog.Description>
            </div>
            <RadixDialog.Close asChild>
              <IconButton icon={X} label="Close" className="-mr-1" />
            </RadixDialog.Close>
          </div>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

/** The part that scrolls. */
export function DialogBody({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={classNames('min-h-0 flex-1 overflow-y-auto px-5 py-3', className)}>{children}</div>
}

/** The buttons, always in sight; the main one last. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className="flex items-center justify-end gap-2 border-line border-t bg-sunken/60 px-5 py-3">{children}</div>
}
