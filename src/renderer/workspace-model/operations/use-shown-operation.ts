import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../../../shared/error-definitions'
import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import { useOperation } from '../../store/store'
import { type Presentation, presentError, presentProblem, problemOf } from '../problems/present-problem'
import { reportError } from '../problems/run-suggested-action'
import { notifyWhenDone, type Outcome } from './operation-notices'

type Call = () => Promise<{ operation: { id: string } }>

export interface ShownOperation {
  /** From the call to its end. */
  isUnderWay: boolean
  /** As far as it is known while it runs. */
  running: Operation | null
  /** What it failed with, or what it was refused with; null once it is tried again. */
  failure: { presentation: Presentation; problem: Problem | null } | null
  begin(call: Call): void
  /** Forgets the failure: what led to it has been changed. */
  clear(): void
}

interface Options {
  /** Back to what was typed, from the notice of an end that was not seen here. */
  onEdit?: () => void
  /** It is over: well, or because it was cancelled. */
  onEnd(operation: Operation): void
  outcome?: () => Outcome | null
}

/**
 * An operation that is begun where it is then looked at, as in a dialog. Who looks away before its end is told of it by a notice,
 * as is everybody of its success.
 */
export function useShownOperation(options: Options): ShownOperation {
  const [id, setId] = useState<string | null>(null)
  const [isAsking, setIsAsking] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const operation = useOperation(id)
  const latest = useRef(options)
  latest.current = options
  /** The one whose end is told or seen. */
  const settled = useRef<string | null>(null)
  const isLookedAt = useRef(true)
  const call = useRef<Call>(undefined)
  const hasFailed = operation?.status === 'failed'
  const isOver = operation !== undefined && hasEnded(operation)

  useEffect(() => {
    isLookedAt.current = true
    return () => {
      isLookedAt.current = false
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: telling reads refs only
  useEffect(() => {
    if (!isOver || operation === undefined) return
    if (settled.current === operation.id) return
    settled.current = operation.id
    if (hasFailed) return
    leaveToNotices(operation.id)
    latest.current.onEnd(operation)
  }, [isOver, hasFailed, operation])

  // biome-ignore lint/correctness/useExhaustiveDependencies: it reads refs only
  useEffect(() => {
    if (id === null) return
    return () => {
      if (settled.current !== id) leaveToNotices(id)
    }
  }, [id])

  function leaveToNotices(operationId: string): void {
    const { onEdit, outcome } = latest.current
    notifyWhenDone(operationId, { again: () => retryUnseen(), edit: onEdit, outcome })
  }

  function retryUnseen(): void {
    call.current?.().then(
      ({ operation: again }) => leaveToNotices(again.id),
      (error: unknown) => reportError(error, retryUnseen, { onEdit: latest.current.onEdit }),
    )
  }

  function begin(next: Call): void {
    call.current = next
    setRefusal(null)
    setId(null)
    setIsAsking(true)
    next().then(
      ({ operation: begun }) => {
        setIsAsking(false)
        setId(begun.id)
        if (!isLookedAt.current) leaveToNotices(begun.id)
      },
      (error: unknown) => {
        setIsAsking(false)
        setRefusal(error)
        if (!isLookedAt.current) reportError(error, retryUnseen, { onEdit: latest.current.onEdit })
      },
    )
  }

  return {
    isUnderWay: isAsking || (id !== null && !isOver),
    running: operation !== undefined && !isOver ? operation : null,
    failure: failureOf(hasFailed ? (operation?.error ?? null) : null, refusal),
    begin,
    clear() {
      setRefusal(null)
      if (isOver) setId(null)
    },
  }
}

function failureOf(problem: Problem | null, refusal: unknown): ShownOperation['failure'] {
  if (problem !== null) return { presentation: presentProblem(problem), problem }
  return refusal === null ? null : { presentation: presentError(refusal), problem: problemOf(refusal) }
}
