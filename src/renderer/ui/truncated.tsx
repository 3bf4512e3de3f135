import { type ReactNode, useState } from 'react'
import { classNames } from './class-names'
import { ForeignText } from './foreign-text'
import { Tooltip } from './tooltip'

interface TruncatedProps {
  /** All of it, for the tooltip. */
  text: string
  className?: string
  children?: ReactNode
}

/** One line that is cut where there is no room; the whole is then in its tooltip. */
export function Truncated({ text, className, children = <ForeignText text={text} /> }: TruncatedProps) {
  const [isCut, setIsCut] = useState(false)
  const measure = (element: HTMLElement) => setIsCut(element.scrollWidth > element.clientWidth)
  // The same element whether it is cut or not: one that is replaced under the pointer takes the click with it.
  return (
    <Tooltip text={text} isOff={!isCut}>
      <span className={classNames('block min-w-0 truncate', className)} onPointerEnter={(event) => measure(event.currentTarget)}>
        {children}
      </span>
    </Tooltip>
  )
}
