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
  const [cut, setCut] = useState(false)
  const measure = (element: HTMLElement) => setCut(element.scrollWidth > element.clientWidth)
  const line = (
    <span className={classNames('block min-w-0 truncate', className)} onPointerEnter={(event) => measure(event.currentTarget)}>
      {children}
    </span>
  )
  return cut ? <Tooltip text={text}>{line}</Tooltip> : line
}
