import { type FormEvent, useEffect, useRef, useState } from 'react'
import { client } from '../../client'
import { go, routes } from '../../routes'
import { useEngines } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { showNotice } from '../../ui/notice'
import { Segmented } from '../../ui/segmented'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import {
  draftOfFound,
  type EngineDraft,
  type EngineDraftProblems,
  emptyEngineDraft,
  engineDraftProblems,
  givenEngine,
  proposedEngineName,
  takesTls,
} from './engine-draft'
import { FoundEngines } from './found-engines'
import { type Tested, TestResult } from './test-result'
import { TlsFolderField } from './tls-folder-field'

type Work = 'test' | 'add'

const KINDS = [
  { value: 'address', label: 'Address' },
  { value: 'context', label: 'Docker context' },
] as const

/** Stays open until the engine has answered and is added; tried without being added before, if that is wanted. */
export function AddEngineDialog({ onClose }: { onClose(): void }) {
  const names = useEngines().map(({ name }) => name)
  const isTaken = (name: string) => names.includes(name)
  const [draft, setDraft] = useState(emptyEngineDraft)
  const [isNamed, setIsNamed] = useState(false)
  const [touched, setTouched] = useState<ReadonlySet<keyof EngineDraft>>(new Set())
  const [underWay, setUnderWay] = useState<Work | null>(null)
  const [tested, setTested] = useState<Tested | null>(null)
  const [failure, setFailure] = useState<{ presentation: Presentation; again(): void } | null>(null)
  const isOpen = useRef(true)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  const result = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (tested !== null || failure !== null) result.current?.scrollIntoView({ block: 'nearest' })
  }, [tested, failure])
  const problems = engineDraftProblems(draft, isTaken)
  const shown = (field: keyof EngineDraftProblems) => (touched.has(field) ? problems[field] : null)

  const change = (fields: Partial<EngineDraft>) => {
    const changed = { ...draft, ...fields }
    // What a person has typed stays; what was proposed follows.
    const keepsName = fields.name !== undefined || isNamed
    setIsNamed(keepsName && changed.name !== '')
    setDraft(keepsName ? changed : { ...changed, name: proposedEngineName(changed, isTaken) })
    setTouched(new Set([...touched, ...(Object.keys(fields) as (keyof EngineDraft)[])]))
    setTested(null)
    setFailure(null)
  }
  /** False, and shown at the fields, where something is missing or wrong. */
  const isReady = (fields: readonly (keyof EngineDraftProblems)[]) => {
    setTouched(new Set([...touched, ...fields]))
    return fields.every((field) => problems[field] === null) && underWay === null
  }

  const begin = (work: Work) => {
    setUnderWay(work)
    setTested(null)
    setFailure(null)
  }
  const test = async () => {
    begin('test')
    try {
      setTested(await client.engines.test(givenEngine(draft)))
    } catch (error) {
      setFailure({ presentation: presentError(error), again: () => void test() })
    } finally {
      setUnderWay(null)
    }
  }
  const add = async (given: EngineDraft) => {
    begin('add')
    try {
      const { name } = await client.engines.add({ name: given.name.trim(), ...givenEngine(given) })
      if (!isOpen.current) {
        showNotice({
          tone: 'good',
          title: `The engine ${name} was added`,
          actions: [{ label: 'Show', run: () => go(routes.engine(name)) }],
        })
        return
      }
      onClose()
      go(routes.engine(name))
    } catch (error) {
      if (!isOpen.current) return reportError(error)
      setFailure({ presentation: presentError(error), again: () => void add(given) })
      setUnderWay(null)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady(['name', ...WHERE])) void add(draft)
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Add an engine"
      description="Docker or Podman, on this machine or another. You can create workspaces on it once it responds."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <Segmented label="Given as" value={draft.kind} options={KINDS} onChange={(kind) => change({ kind })} />
          {draft.kind === 'address' ? (
            <Field label="Address" hint="ssh://user@host, tcp://host:2376 or unix:///path" problem={shown('address')} keepsRoom>
              {(control) => (
                <TextInput
                  {...control}
                  mono
                  autoFocus
                  placeholder="ssh://user@host"
                  value={draft.address}
                  onChange={(event) => change({ address: event.target.value })}
                />
              )}
            </Field>
          ) : (
            <Field label="Context" hint="As “docker context ls” shows it" problem={shown('context')} keepsRoom>
              {(control) => (
                <TextInput {...control} mono value={draft.context} onChange={(event) => change({ context: event.target.value })} />
              )}
            </Field>
          )}
          {draft.kind === 'address' && takesTls(draft.address) && (
            <TlsFolderField value={draft.tlsFolder} problem={shown('tlsFolder')} onChange={(tlsFolder) => change({ tlsFolder })} />
          )}
          <Field label="Name" hint="Name in Berth" problem={shown('name')} keepsRoom>
            {(control) => <TextInput {...control} mono value={draft.name} onChange={(event) => change({ name: event.target.value })} />}
          </Field>
          <div ref={result} className="flex flex-col gap-3 empty:hidden">
            <TestResult tested={tested} />
            {failure !== null && <ProblemPanel presentation={ofNewEngine(failure.presentation)} onRetry={failure.again} />}
          </div>
          <FoundEngines
            isBusy={underWay !== null}
            onUse={(found) => {
              const given = draftOfFound(found, isTaken)
              setDraft(given)
              setIsNamed(true)
              setTouched(new Set(['name']))
              void add(given)
            }}
          />
        </DialogBody>
        <DialogFooter>
          <Button className="mr-auto" disabled={underWay !== null} onClick={() => isReady(WHERE) && void test()}>
            {underWay === 'test' ? 'Testing…' : 'Test'}
          </Button>
          <Button onClick={onClose}>{underWay === 'add' ? 'Continue in background' : 'Cancel'}</Button>
          <Button type="submit" variant="primary" disabled={underWay !== null}>
            {underWay === 'add' ? 'Adding…' : 'Add'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** What would be done about the engines that are used does nothing for this one. */
function ofNewEngine(presentation: Presentation): Presentation {
  const isAway = presentation.actions.some(({ kind }) => kind === 'reconnect-engine')
  return isAway ? { ...presentation, actions: presentation.actions.filter(({ kind }) => kind === 'copy-details') } : presentation
}

const WHERE = ['address', 'tlsFolder', 'context'] as const
