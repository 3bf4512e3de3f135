import { Tooltip as RadixTooltip } from 'radix-ui'
import { type ReactElement, useState } from 'react'
import { ForeignText } from './foreign-text'
import { Kbd } from './kbd'

interface TooltipProps {
  text: string
  shortcut?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  /** Nothing appears. */
  isOff?: boolean
  /** One element that takes a ref and props. */
  children: ReactElement
}

/** Words that appear beside what is hovered or focused. Needs `TooltipProvider` above it. */
export function Tooltip({ text, shortcut, side = 'bottom', isOff = false, children }: TooltipProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <RadixTooltip.Root open={isOpen && !isOff} onOpenChange={setIsOpen}>
      <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="overlay-in z-50 flex max-w-md items-center gap-2 break-all rounded-md bg-raised px-2 py-1 text-sm text-ink shadow-overlay"
        >
          <ForeignText text={text} />
          {shortcut && <Kbd keys={shortcut} />}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  )
}

export const TooltipProvider = RadixTooltip.Provider
