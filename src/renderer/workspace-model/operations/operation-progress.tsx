import type { ReactNode } from 'react'
import type { Operation } from '../../../shared/operation'
import { useNow } from '../../ui/use-now'
import { shortProgress } from './progress-text'

interface OperationProgressProps {
  operation: Operation
  /** While there is nothing to say. */
  fallback?: ReactNode
}

/** How far it is, in few words, in fewer in a narrow window; kept fresh. */
export function OperationProgress({ operation, fallback = null }: OperationProgressProps) {
  const now = useNow('second')
  const words = shortProgress(operation, now)
  if (words === null) return fallback
  return (
    <>
      <span className="max-[900px]:hidden">{words}</span>
      <span className="min-[900px]:hidden">{shortProgress(operation, now, 'share')}</span>
    </>
  )
}
