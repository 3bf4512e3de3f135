import { type FormEvent, useState } from 'react'
import { formatBytes, sizeText } from '../../../shared/byte-size'
import type { StorageInfo } from '../../../shared/contract/storage'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { TextInput } from '../../ui/field'
import { Skeleton } from '../../ui/skeleton'
import { StackedBar } from '../../ui/stacked-bar'
import { EngineBanner } from '../../workspace-model/engine/engine-banner'
import { EnginePicker } from '../../workspace-model/engine/engine-picker'
import { useShownEngine } from '../../workspace-model/engine/shown-engine'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { checkPoolSize } from '../../workspace-model/storage/check-size'
import { loadStorageInfo, measureStorageAgain, setStorageInfo, useStorageInfo } from '../../workspace-model/storage/storage-state'

const ABOUT_POOL =
  'A file on the engine’s disk that makes clones and snapshots instant, stores shared data once and enforces limits. It uses only as much disk as it holds.'

type Change = { kind: 'make' | 'grow'; bytes: number } | { kind: 'remove' }

/** The pool of an engine: how it is, and what can be done about it. */
export function PoolRow() {
  const engine = useShownEngine()
  const { info, infoFailure } = useStorageInfo(engine?.id)
  if (engine === undefined) return <LoadingRow />
  if (info !== null) return <KnownPoolRow key={engine.id} engineId={engine.id} info={info} />
  return (
    <>
      <div className="flex justify-end pt-2.5 empty:hidden">
        <EnginePicker />
      </div>
      {engine.state.status === 'unreachable' ? (
        <EngineBanner engine={engine} />
      ) : infoFailure === null ? (
        <LoadingRow />
      ) : (
        <ProblemPanel presentation={presentError(infoFailure)} onRetry={() => void loadStorageInfo(engine.id)} />
      )}
    </>
  )
}

function LoadingRow() {
  return (
    <div aria-busy="true" className="flex flex-col gap-2 py-2.5">
      <Skeleton className="h-4 w-50" />
      <Skeleton className="h-4 w-85" />
    </div>
  )
}

function KnownPoolRow({ engineId, info: { pool, obstacle } }: { engineId: string; info: StorageInfo }) {
  const [underWay, setUnderWay] = useState<Change['kind'] | null>(null)
  const [failure, setFailure] = useState<{ presentation: Presentation; change: Change } | null>(null)
  const [isAsking, setIsAsking] = useState(false)

  const apply = async (change: Change) => {
    setUnderWay(change.kind)
    setFailure(null)
    try {
      const after = await (change.kind === 'remove'
        ? client.storage.disable({ engine: engineId })
        : client.storage.enable({ engine: engineId, sizeBytes: change.bytes }))
      setStorageInfo(engineId, after)
      measureStorageAgain(engineId)
    } catch (error) {
      setFailure({ presentation: presentError(error), change })
    } finally {
      setUnderWay(null)
    }
  }

  return (
    <>
      <SettingRow title="Copy-on-write pool" description={ABOUT_POOL}>
        {() => (
          <div className="flex flex-col gap-2">
            <EnginePicker />
            {pool === null && obstacle !== null ? (
              <p>
                <span className="font-medium">Not on this engine.</span> <span className="text-ink-muted">{obstacle}</span>
              </p>
            ) : (
              <>
                {pool !== null && (
                  <div className="flex flex-col gap-1">
                    <p className="text-ink-muted tabular-nums">
                      {formatBytes(pool.usedBytes)} in use, {formatBytes(pool.freeBytes)} free of {formatBytes(pool.sizeBytes)}
                    </p>
                    <StackedBar
                      label="Copy-on-write pool"
                      parts={[{ key: 'used', label: 'In use', fill: 'bg-part-home', bytes: pool.usedBytes }]}
                      scale={pool.sizeBytes}
                    />
                  </div>
                )}
                <PoolSizeForm
                  key={pool?.sizeBytes}
                  sizeBytes={pool?.sizeBytes ?? null}
                  underWay={underWay}
                  onApply={(bytes) => void apply({ kind: pool === null ? 'make' : 'grow', bytes })}
                />
                {pool !== null && (
                  <Button size="small" className="w-fit" disabled={underWay !== null} onClick={() => setIsAsking(true)}>
                    {underWay === 'remove' ? 'Removing…' : 'Remove pool…'}
                  </Button>
                )}
              </>
            )}
          </div>
        )}
      </SettingRow>
      {failure !== null && <ProblemPanel presentation={failure.presentation} onRetry={() => void apply(failure.change)} />}
      {isAsking && (
        <RemovePoolDialog
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false)
            void apply({ kind: 'remove' })
          }}
        />
      )}
    </>
  )
}

interface PoolSizeFormProps {
  /** null while there is no pool. */
  sizeBytes: number | null
  underWay: Change['kind'] | null
  onApply(bytes: number): void
}

function PoolSizeForm({ sizeBytes, underWay, onApply }: PoolSizeFormProps) {
  const [typed, setTyped] = useState(sizeBytes === null ? '50 GiB' : '')
  const checked = checkPoolSize(typed, sizeBytes ?? 0)
  const problem = typed.trim() === '' || checked.ok ? null : checked.problem
  const words = sizeBytes === null ? { idle: 'Make pool', busy: 'Making…' } : { idle: 'Grow pool', busy: 'Growing…' }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (checked.ok && underWay === null) onApply(checked.value)
  }
  return (
    <form onSubmit={submit} aria-label={words.idle} className="flex flex-col gap-1">
      <div className="flex gap-2">
        <TextInput
          mono
          aria-label="Size of the pool"
          aria-invalid={problem !== null}
          aria-describedby="pool-size-note"
          className="max-w-30"
          placeholder={sizeBytes === null ? '' : sizeText(sizeBytes)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" disabled={!checked.ok || underWay !== null}>
          {underWay === 'make' || underWay === 'grow' ? words.busy : words.idle}
        </Button>
      </div>
      <p id="pool-size-note" aria-live="polite" className="text-bad text-sm empty:hidden">
        {problem}
      </p>
    </form>
  )
}

function RemovePoolDialog({ onClose, onConfirm }: { onClose(): void; onConfirm(): void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Remove the pool?"
      description="It can be removed only while it is empty. New workspaces then use Docker’s own volumes."
    >
      <DialogBody>
        <p>Delete or move the workspaces and snapshots on it first.</p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" onClick={onConfirm}>
          Remove
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
