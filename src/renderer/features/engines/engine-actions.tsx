import { Check, Network, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { EngineView } from '../../../shared/contract/engines'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { openDialog } from '../../store/dialogs'
import { useSwarms } from '../../store/store'
import { Button } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { formatCount, formatDuration } from '../../ui/format'
import { isLocalEngine } from '../../workspace-model/engine/describe-engine'
import { managesUnused } from '../../workspace-model/engine/placement'
import { type Presentation, presentError, problemOf } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { RemoveDialog } from './remove-dialog'

type Work = 'use' | 'test'

interface Outcome {
  text: string
  isGood: boolean
}

/** What can be done with an engine; what comes of it is said below. */
export function EngineActions({ engine, workspaces }: { engine: EngineView; workspaces: readonly Workspace[] }) {
  const { id, name, isDefault, state } = engine
  const swarms = useSwarms()
  const [underWay, setUnderWay] = useState<Work | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [failure, setFailure] = useState<{ presentation: Presentation; again(): void } | null>(null)
  const [isAsking, setIsAsking] = useState(false)
  const isConnected = state.status === 'connected'
  const isLocal = isLocalEngine(engine)

  const run = async (work: Work, procedure: () => Promise<Outcome | null>) => {
    setUnderWay(work)
    setOutcome(null)
    setFailure(null)
    try {
      setOutcome(await procedure())
    } catch (error) {
      // That it is away is said above.
      if (problemOf(error)?.code !== 'ENGINE_UNREACHABLE')
        setFailure({ presentation: presentError(error), again: () => void run(work, procedure) })
      else setOutcome({ text: 'No response.', isGood: false })
    } finally {
      setUnderWay(null)
    }
  }

  const use = async () => {
    await client.engines.use({ engine: id })
    return null
  }

  /** Asks it something that it has to look up. */
  const test = async () => {
    const began = performance.now()
    await client.images.list({ engine: id })
    return { text: `Responded in ${formatDuration(performance.now() - began)}.`, isGood: true }
  }

  const reconnect = async () => {
    const { state: now } = await client.engines.reconnect({ engine: id })
    return now.status === 'connected' ? { text: 'It is responding again.', isGood: true } : { text: 'Still no response.', isGood: false }
  }

  return (
    <section aria-label="Actions" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Button icon={Check} disabled={isDefault || underWay !== null} onClick={() => void run('use', use)}>
          Use for new workspaces
        </Button>
        <Button icon={RefreshCw} disabled={underWay !== null} onClick={() => void run('test', isConnected ? test : reconnect)}>
          {underWay === 'test' ? (isConnected ? 'Testing…' : 'Connecting…') : isConnected ? 'Test' : 'Reconnect'}
        </Button>
        {managesUnused(engine, swarms) && (
          <Button icon={Network} onClick={() => openDialog({ kind: 'use-swarm', engine: name })}>
            Use its Swarm…
          </Button>
        )}
        <Button
          icon={Trash2}
          disabled={isLocal || underWay !== null}
          aria-describedby={isLocal ? 'why-local-stays' : undefined}
          onClick={() => setIsAsking(true)}
        >
          Remove…
        </Button>
      </div>
      <p role="status" className={classNames('text-sm empty:hidden', outcome?.isGood === false ? 'text-warn' : 'text-ink-muted')}>
        {outcome?.text}
      </p>
      {isLocal && (
        <p id="why-local-stays" className="text-ink-muted text-sm">
          The engine of this machine cannot be removed.
        </p>
      )}
      {failure !== null && <ProblemPanel presentation={failure.presentation} onRetry={failure.again} />}
      {isAsking && (
        <RemoveDialog
          name={name}
          description="Berth stops using it. The engine and everything on it stay as they are."
          note={
            workspaces.length === 0
              ? 'You can add it again at any time.'
              : `It has ${formatCount(workspaces.length, 'workspace')}: an engine can be removed when nothing is on it.`
          }
          remove={() => client.engines.remove({ engine: id })}
          onClose={() => setIsAsking(false)}
        />
      )}
    </section>
  )
}
