import { CircleCheck, Stethoscope, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useId, useState } from 'react'
import type { Finding } from '../../../shared/finding'
import { client } from '../../client'
import { useEngine } from '../../store/store'
import { Button } from '../../ui/button'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'

type Examination = { status: 'known'; findings: Finding[] } | { status: 'failed'; presentation: Presentation } | null

/** What others have removed from the engine, and what can be restored of it. */
export function DoctorPanel() {
  const [examination, setExamination] = useState<Examination>(null)
  const [isAtWork, setIsAtWork] = useState(false)
  const isConnected = useEngine()?.status === 'connected'
  const headingId = useId()
  const ask = useCallback(async (question: () => Promise<Finding[]>) => {
    setIsAtWork(true)
    try {
      setExamination({ status: 'known', findings: await question() })
    } catch (error) {
      setExamination({ status: 'failed', presentation: presentError(error) })
    } finally {
      setIsAtWork(false)
    }
  }, [])
  const examine = useCallback(() => void ask(() => client.system.doctor()), [ask])
  useEffect(() => {
    if (isConnected) examine()
  }, [isConnected, examine])
  const findings = examination?.status === 'known' ? examination.findings : []
  const restorable = findings.filter(({ outcome }) => outcome === 'restorable').length
  return (
    <section aria-labelledby={headingId}>
      <div className="flex min-h-8 items-center gap-3 border-line border-b pb-1.5">
        <h2 id={headingId} className="flex-1 font-semibold">
          Check
        </h2>
        <Button icon={Stethoscope} variant="ghost" disabled={isAtWork} onClick={examine}>
          {isAtWork ? 'Checking…' : 'Check again'}
        </Button>
        {restorable > 0 && (
          <Button disabled={isAtWork} onClick={() => void ask(() => client.system.repair())}>
            Repair {restorable}
          </Button>
        )}
      </div>
      {examination?.status === 'failed' && <ProblemPanel presentation={examination.presentation} onRetry={examine} />}
      {examination?.status === 'known' && findings.length === 0 && (
        <p className="py-2 text-ink-muted">Everything that should exist on the engine does.</p>
      )}
      <ul aria-label="Findings">
        {findings.map((finding) => (
          <FindingRow key={`${finding.id} ${finding.outcome}`} finding={finding} />
        ))}
      </ul>
    </section>
  )
}

const OUTCOMES: Record<Finding['outcome'], string | null> = {
  restorable: 'Can be restored',
  lost: 'Lost',
  repaired: 'Repaired',
  decision: null,
}

function FindingRow({ finding: { workspace, message, next, outcome, severity } }: { finding: Finding }) {
  const isRepaired = outcome === 'repaired'
  const Icon = isRepaired ? CircleCheck : TriangleAlert
  const colour = isRepaired || severity === 'notice' ? 'text-ink-muted' : severity === 'error' ? 'text-bad' : 'text-warn'
  return (
    <li className="flex items-start gap-2.5 border-line border-b py-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} />
      <div className="min-w-0 flex-1">
        <p className="break-words">
          {workspace !== null && <span className="font-mono text-sm">{workspace}: </span>}
          {message}
        </p>
        {!isRepaired && <p className="break-words text-ink-muted text-sm">{next}</p>}
      </div>
      {OUTCOMES[outcome] !== null && (
        <span className="shrink-0 rounded-sm border border-line-strong px-1 text-ink-muted text-xs">{OUTCOMES[outcome]}</span>
      )}
    </li>
  )
}
