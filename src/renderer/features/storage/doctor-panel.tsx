import { CircleCheck, Stethoscope, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useId, useRef, useState } from 'react'
import type { Finding } from '../../../shared/finding'
import { client } from '../../client'
import { useEngines, useWhatIsAmiss } from '../../store/store'
import { Button } from '../../ui/button'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'

type Examination = { status: 'known'; findings: Finding[] } | { status: 'failed'; presentation: Presentation } | null

/** What others have removed from the engines, and what can be restored of it. */
export function DoctorPanel() {
  const [examination, setExamination] = useState<Examination>(null)
  /** Since the screen was opened: what was found mended is no longer found by the next check. */
  const [repaired, setRepaired] = useState<Finding[]>([])
  const [isAtWork, setIsAtWork] = useState(false)
  const engines = useEngines()
  const answering = engines.flatMap(({ id, state }) => (state.status === 'connected' ? id : [])).join(' ')
  const headingId = useId()
  const latest = useRef(0)
  /** Of several that are under way, the last one tells. */
  const ask = useCallback(async (question: () => Promise<Finding[]>) => {
    latest.current += 1
    const own = latest.current
    setIsAtWork(true)
    try {
      const found = await question()
      const [mended, open] = partition(found)
      setRepaired((before) => [...before.filter(({ id }) => !found.some((finding) => finding.id === id)), ...mended])
      if (own === latest.current) setExamination({ status: 'known', findings: open })
    } catch (error) {
      if (own === latest.current) setExamination({ status: 'failed', presentation: presentError(error) })
    } finally {
      if (own === latest.current) setIsAtWork(false)
    }
  }, [])
  const examine = useCallback(() => void ask(() => client.system.doctor()), [ask])
  const amiss = useWhatIsAmiss()
  // biome-ignore lint/correctness/useExhaustiveDependencies: examined again when something else is amiss
  useEffect(() => {
    if (answering !== '') examine()
  }, [answering, examine, amiss])
  const findings = examination?.status === 'known' ? [...repaired, ...examination.findings] : []
  const restorable = findings.filter(({ outcome }) => outcome === 'restorable').length
  return (
    <section aria-labelledby={headingId}>
      <div className="flex min-h-8 items-center gap-3 border-line border-b pb-1.5">
        <h2 id={headingId} className="flex-1 font-semibold">
          {engines.length > 1 ? 'Check of all engines' : 'Check'}
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
        <p className="py-2 text-ink-muted">Everything that should exist on the {engines.length > 1 ? 'engines' : 'engine'} does.</p>
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

function partition(findings: Finding[]): [mended: Finding[], open: Finding[]] {
  return [findings.filter(({ outcome }) => outcome === 'repaired'), findings.filter(({ outcome }) => outcome !== 'repaired')]
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
