import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { SwarmView } from '../../../shared/contract/swarms'
import { client } from '../../client'
import { go, routes } from '../../routes'
import { useEngines, useSwarms } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, Select, TextInput } from '../../ui/field'
import { showNotice } from '../../ui/notice'
import { managesUnused } from '../../workspace-model/engine/placement'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { draftOfSwarm, givenReach, newSwarmDraft, type SwarmDraft, swarmDraftProblems } from './swarm-draft'
import { SwarmReachFields } from './swarm-reach-fields'

/** Stays open until the Swarm is used. `engine` is the manager that it was asked for. */
export function UseSwarmDialog({ engine, onClose }: { engine: string | undefined; onClose(): void }) {
  const swarms = useSwarms()
  const engines = useEngines()
  const managers = engines.filter((candidate) => managesUnused(candidate, swarms)).map(({ name }) => name)
  const isTaken = (name: string) => [...engines, ...swarms].some((other) => other.name === name)
  const [draft, setDraft] = useState(() => newSwarmDraft(managers.find((name) => name === engine) ?? managers[0] ?? '', isTaken))
  const problems = swarmDraftProblems(draft, isTaken)
  const { isUnderWay, failure, isSubmitted, submit, clear } = useWork(problems, async () => {
    const { name, engine, ...reach } = { name: draft.name.trim(), engine: draft.engine, ...givenReach(draft) }
    return client.swarms.add({ name, engine, ...reach })
  })
  const change = (fields: Partial<SwarmDraft>) => {
    setDraft({ ...draft, ...fields })
    clear()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title="Use a Swarm"
      description="Docker Swarm chooses a node for each new workspace. Berth then works with that node’s engine."
    >
      <form
        onSubmit={(event) =>
          submit(event, ({ name }, isOpen) => {
            if (!isOpen) return noticeAdded(name)
            onClose()
            go(routes.engine(name))
          })
        }
        className="flex min-h-0 flex-1 flex-col"
      >
        <DialogBody className="flex flex-col gap-3">
          <div className="flex flex-wrap gap-3 *:min-w-50 *:flex-1">
            <Field label="Name" hint="Name in Berth" problem={problems.name} keepsRoom>
              {(control) => (
                <TextInput
                  {...control}
                  mono
                  autoFocus
                  value={draft.name}
                  onFocus={(event) => event.currentTarget.select()}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
            <Field label="Manager" hint="One of its managers" problem={problems.engine} keepsRoom>
              {(control) => (
                <Select {...control} value={draft.engine} onChange={(event) => change({ engine: event.target.value })}>
                  {managers.length === 0 && <option value="">No engine manages a Swarm</option>}
                  {managers.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          <SwarmReachFields draft={draft} problems={problems} swarm={null} showsAll={isSubmitted} onChange={change} />
          <Failure failure={failure} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{isUnderWay ? 'Continue in background' : 'Cancel'}</Button>
          <Button type="submit" variant="primary" disabled={isUnderWay}>
            {isUnderWay ? 'Connecting…' : 'Use it'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** Where its nodes are reached, and what happens when one is drained. */
export function EditSwarmDialog({ swarm, onClose }: { swarm: SwarmView; onClose(): void }) {
  const [draft, setDraft] = useState(() => draftOfSwarm(swarm))
  // Its name stays, and who manages it is not asked.
  const problems = { ...swarmDraftProblems(draft, () => false), name: null, engine: null }
  const { isUnderWay, failure, isSubmitted, submit, clear } = useWork(problems, () =>
    client.swarms.update({ swarm: swarm.id, ...givenReach(draft) }),
  )
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={`Edit ${swarm.name}`}
      description="How to reach the engines of its nodes, and what to do when a node is drained."
    >
      <form onSubmit={(event) => submit(event, (_, isOpen) => isOpen && onClose())} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <SwarmReachFields
            draft={draft}
            problems={problems}
            swarm={swarm}
            showsAll={isSubmitted}
            onChange={(fields) => {
              setDraft({ ...draft, ...fields })
              clear()
            }}
          />
          <Failure failure={failure} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>{isUnderWay ? 'Continue in background' : 'Cancel'}</Button>
          <Button type="submit" variant="primary" disabled={isUnderWay}>
            {isUnderWay ? 'Connecting…' : 'Save'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

interface FailedWork {
  presentation: Presentation
  again(): void
}

/** A call that a dialog makes and waits for; it goes on when the dialog is closed, and its failure is then told in a notice. */
function useWork(problems: ReturnType<typeof swarmDraftProblems>, work: () => Promise<SwarmView>) {
  const [isUnderWay, setIsUnderWay] = useState(false)
  const [isSubmitted, setIsSubmitted] = useState(false)
  const [failure, setFailure] = useState<FailedWork | null>(null)
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  const isReady = Object.values(problems)
    .flat()
    .every((problem) => problem === null)

  const run = async (onDone: (swarm: SwarmView, isOpen: boolean) => void) => {
    setIsUnderWay(true)
    setFailure(null)
    try {
      onDone(await work(), isOpen.current)
    } catch (error) {
      if (!isOpen.current) return reportError(error)
      setFailure({ presentation: presentError(error), again: () => void run(onDone) })
    } finally {
      if (isOpen.current) setIsUnderWay(false)
    }
  }
  return {
    isUnderWay,
    isSubmitted,
    failure,
    clear: () => setFailure(null),
    submit(event: FormEvent, onDone: (swarm: SwarmView, isOpen: boolean) => void): void {
      event.preventDefault()
      setIsSubmitted(true)
      if (isReady && !isUnderWay) void run(onDone)
    },
  }
}

function Failure({ failure }: { failure: FailedWork | null }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (failure !== null) place.current?.scrollIntoView({ block: 'nearest' })
  }, [failure])
  return (
    <div ref={place} className="empty:hidden">
      {failure !== null && <ProblemPanel presentation={here(failure.presentation)} onRetry={failure.again} />}
    </div>
  )
}

/** What would lead away from what was typed, or to this very dialog, is left out. */
function here(presentation: Presentation): Presentation {
  return { ...presentation, actions: presentation.actions.filter(({ kind }) => kind !== 'show-engines' && kind !== 'edit-swarm') }
}

function noticeAdded(name: string): void {
  showNotice({
    tone: 'good',
    title: `Berth uses the Swarm ${name}`,
    actions: [{ label: 'Show', run: () => go(routes.engine(name)) }],
  })
}
