import { Boxes, Camera, Hammer, HardDrive, Layers, type LucideIcon } from 'lucide-react'
import { useCallback, useEffect, useId, useState } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { EngineView } from '../../../shared/contract/engines'
import type { CleanupItem } from '../../../shared/contract/storage'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { Checkbox } from '../../ui/checkbox'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { formatCount } from '../../ui/format'
import { Skeleton } from '../../ui/skeleton'
import { Truncated } from '../../ui/truncated'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { useShownOperation } from '../../workspace-model/operations/use-shown-operation'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { measureStorageAgain } from '../../workspace-model/storage/storage-state'

/** Gets the focus from the warning that the disk is nearly full. */
export const CLEANUP_ID = 'clean-up'

type Preview = { status: 'loading' } | { status: 'known'; items: CleanupItem[] } | { status: 'failed'; presentation: Presentation }

const ICONS: Record<CleanupItem['kind'], LucideIcon> = {
  volume: HardDrive,
  image: Boxes,
  layer: Layers,
  'build-cache': Hammer,
  snapshot: Camera,
}

/** What nobody needs, with what it would free; nothing goes before it was asked. */
export function CleanupPanel({ engine }: { engine: EngineView }) {
  const [preview, reload] = usePreview(engine)
  const [decided, setDecided] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [isAsking, setIsAsking] = useState(false)
  const again = () => {
    reload()
    measureStorageAgain(engine.id)
  }
  const shown = useShownOperation({ onEnd: again })
  const items = preview.status === 'known' ? preview.items : []
  const isChosen = (item: CleanupItem) => decided.get(item.id) ?? isBerthsAlone(item)
  const chosen = items.filter(isChosen)
  const ids = chosen.map(({ id }) => id)

  const decide = (some: readonly CleanupItem[], choice: boolean) =>
    setDecided(new Map([...decided, ...some.map(({ id }) => [id, choice] as const)]))

  return (
    <section aria-labelledby={CLEANUP_ID}>
      <div className="flex min-h-8 items-center gap-3 border-line border-b pb-1.5">
        <h2 id={CLEANUP_ID} tabIndex={-1} className="flex-1 rounded-sm font-semibold">
          Clean up
        </h2>
        {items.length > 0 && (
          <Button disabled={chosen.length === 0 || shown.isUnderWay} onClick={() => setIsAsking(true)}>
            Remove {formatCount(chosen.length, 'item')}, {freedText(chosen)}
          </Button>
        )}
      </div>
      {shown.running !== null && (
        <div className="pt-2">
          <OperationCard operation={shown.running} heading="h3" isCompact />
        </div>
      )}
      {shown.failure !== null && (
        <ProblemPanel
          className="mt-2"
          presentation={shown.failure.presentation}
          onRetry={() => {
            shown.clear()
            again()
          }}
        />
      )}
      {preview.status === 'failed' && <ProblemPanel className="mt-2" presentation={preview.presentation} onRetry={reload} />}
      {preview.status === 'loading' && <LoadingItems />}
      {preview.status === 'known' && items.length === 0 && (
        <p className="py-2 text-ink-muted">Nothing to clean up: every volume, image, layer and cache is in use.</p>
      )}
      {items.length > 0 && (
        <ul aria-label="What can be removed">
          <li className="flex h-8 items-center gap-2.5 border-line border-b text-ink-muted">
            <Checkbox
              label="All"
              checked={chosen.length === items.length ? true : chosen.length === 0 ? false : 'indeterminate'}
              disabled={shown.isUnderWay}
              onChange={(all) => decide(items, all)}
            />
            All of {formatCount(items.length, 'item')}
            <span className="ml-auto tabular-nums">{sumText(items)}</span>
          </li>
          {items.map((item) => (
            <Item
              key={item.id}
              item={item}
              isChosen={isChosen(item)}
              isDisabled={shown.isUnderWay}
              onChange={(choice) => decide([item], choice)}
            />
          ))}
        </ul>
      )}
      {isAsking && (
        <ConfirmDialog
          items={chosen}
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false)
            shown.begin(() => client.storage.cleanup({ engine: engine.id, ids }))
          }}
        />
      )}
    </section>
  )
}

/** The engine's build cache is of everybody's builds: that it goes has to be chosen. */
function isBerthsAlone({ kind }: CleanupItem): boolean {
  return kind !== 'build-cache'
}

function usePreview({ id, state }: EngineView): [Preview, reload: () => void] {
  const [preview, setPreview] = useState<Preview>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)
  const isConnected = state.status === 'connected'

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt, or the engine being back, asks again
  useEffect(() => {
    const controller = new AbortController()
    client.storage.cleanupPreview({ engine: id }, { signal: controller.signal }).then(
      (items) => controller.signal.aborted || setPreview({ status: 'known', items }),
      (error: unknown) => controller.signal.aborted || setPreview({ status: 'failed', presentation: presentError(error) }),
    )
    return () => controller.abort()
  }, [id, attempt, isConnected])

  return [preview, useCallback(() => setAttempt((count) => count + 1), [])]
}

interface ItemProps {
  item: CleanupItem
  isChosen: boolean
  isDisabled: boolean
  onChange(isChosen: boolean): void
}

function Item({ item: { kind, title, detail, bytes }, isChosen, isDisabled, onChange }: ItemProps) {
  const id = useId()
  const Icon = ICONS[kind]
  return (
    <li className="flex min-h-10 items-center gap-2.5 border-line border-b py-1 hover:bg-hover">
      <Checkbox id={id} label={title} checked={isChosen} disabled={isDisabled} onChange={onChange} />
      <label htmlFor={id} className="flex min-w-0 flex-1 items-center gap-2.5">
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
        <span className="min-w-0 flex-1">
          <Truncated text={title} />
          <Truncated text={detail} className="text-ink-muted text-sm" />
        </span>
        <span className="shrink-0 text-ink-muted tabular-nums">{bytes === null ? 'size unknown' : formatBytes(bytes)}</span>
      </label>
    </li>
  )
}

function ConfirmDialog({ items, onClose, onConfirm }: { items: readonly CleanupItem[]; onClose(): void; onConfirm(): void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${formatCount(items.length, 'item')}?`}
      description={`This cannot be undone; it ${freedText(items)}. Anything in use by then is kept.`}
    >
      <DialogBody>
        <ul className="flex list-disc flex-col gap-0.5 pl-4 marker:text-ink-faint">
          {items.map(({ id, title }) => (
            <li key={id} className="break-words">
              {title}
            </li>
          ))}
        </ul>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="danger" onClick={onConfirm}>
          Remove
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

function sumText(items: readonly CleanupItem[]): string {
  const known = items.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  return formatBytes(known)
}

function freedText(items: readonly CleanupItem[]): string {
  if (items.some(({ bytes }) => bytes === null)) return `frees ${sumText(items)} or more`
  // Layers that several share are freed once, so the sum is the most there can be.
  return `frees up to ${sumText(items)}`
}

function LoadingItems() {
  return ['w-40', 'w-56'].map((width) => (
    <div key={width} aria-busy="true" className="flex h-10 items-center gap-2.5 border-line border-b">
      <Skeleton className="size-4" />
      <Skeleton className={`h-3 ${width}`} />
    </div>
  ))
}
