import { Camera, HardDrive, TriangleAlert } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { Snapshot } from '../../../shared/snapshot'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { useSnapshots } from '../../store/store'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { formatCount } from '../../ui/format'
import { Skeleton } from '../../ui/skeleton'
import { Truncated } from '../../ui/truncated'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { deleteWorkspace } from '../../workspace-model/workspaces/workspace-actions'

type Preview = Awaited<ReturnType<typeof client.workspaces.deletionPreview>>
type Loading = { status: 'loading' } | { status: 'known'; preview: Preview } | { status: 'failed'; presentation: Presentation }

/** Names what will be lost. Work that is nowhere else has to be confirmed by typing the name. */
export function DeleteWorkspaceDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const [loading, retry] = useDeletionPreview(workspace.id)
  const [typed, setTyped] = useState('')
  const [removeFolder, setRemoveFolder] = useState(false)
  // What could not be looked into is treated as worth asking for.
  const snapshots = useSnapshots(workspace.id)
  const takesFiles = workspace.host === null || removeFolder
  const isPrecious = takesFiles && (snapshots.length > 0 || (loading.status === 'known' && hasUnsavedWork(loading.preview)))
  const asksForName = loading.status === 'failed' || isPrecious
  const isReady = loading.status !== 'loading' && (!asksForName || typed.trim() === workspace.name)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    onClose()
    deleteWorkspace(workspace, { removeFolder })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${workspace.name}?`}
      description={takesFiles ? 'This cannot be undone. What is lost:' : 'It is removed from the list. Its folder stays.'}
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          {loading.status === 'failed' ? (
            <ProblemPanel presentation={loading.presentation} onRetry={retry} />
          ) : (
            takesFiles && <Losses workspace={workspace} preview={loading.status === 'known' ? loading.preview : null} />
          )}
          <SnapshotLosses snapshots={snapshots} />
          {workspace.host?.created && (
            <Choice
              title="Also remove its folder"
              description={`${workspace.host.folder}, with all in it.`}
              checked={removeFolder}
              onChange={setRemoveFolder}
            />
          )}
          {asksForName && (
            <Field
              label={
                <>
                  To delete it, type its name: <code className="select-all break-all">{workspace.name}</code>
                </>
              }
            >
              {(control) => <TextInput {...control} mono autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />}
            </Field>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" variant="danger" disabled={!isReady}>
            Delete
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

function hasUnsavedWork({ uncommittedFiles, unpushedCommits }: Preview): boolean {
  return (uncommittedFiles ?? 0) > 0 || (unpushedCommits ?? 0) > 0
}

function useDeletionPreview(workspaceId: string): [Loading, retry: () => void] {
  const [loading, setLoading] = useState<Loading>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const controller = new AbortController()
    setLoading({ status: 'loading' })
    client.workspaces.deletionPreview({ workspace: workspaceId }, { signal: controller.signal }).then(
      (preview) => controller.signal.aborted || setLoading({ status: 'known', preview }),
      (error: unknown) => controller.signal.aborted || setLoading({ status: 'failed', presentation: presentError(error) }),
    )
    return () => controller.abort()
  }, [workspaceId, attempt])

  return [loading, () => setAttempt(attempt + 1)]
}

/** `preview` is null while it is being looked into. */
function Losses({ workspace, preview }: { workspace: Workspace; preview: Preview | null }) {
  const volumes = preview?.volumes ?? Object.values(workspace.volumes ?? {}).map((name) => ({ name, bytes: undefined }))
  if (workspace.host !== null) {
    return (
      <>
        <p className="flex min-w-0 items-center gap-2 rounded-md border border-line px-2.5 py-1.5">
          <HardDrive aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
          <Truncated text={workspace.host.folder} className="flex-1 font-mono text-sm" />
        </p>
        <RepoLosses preview={preview} workspace={workspace} />
      </>
    )
  }
  return (
    <>
      <ul aria-label="Volumes" aria-busy={preview === null} className="flex flex-col rounded-md border border-line">
        {volumes.map(({ name, bytes }) => (
          <li key={name} className="flex h-8 items-center gap-2 border-line px-2.5 not-last:border-b">
            <HardDrive aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
            <Truncated text={name} className="flex-1 font-mono text-sm" />
            <span className="text-ink-muted tabular-nums">
              {bytes === undefined ? <Skeleton className="h-3 w-14" /> : bytes === null ? 'size unknown' : formatBytes(bytes)}
            </span>
          </li>
        ))}
      </ul>
      <RepoLosses preview={preview} workspace={workspace} />
    </>
  )
}

/** As many names as are read; the rest are counted. */
const NAMED = 5

function SnapshotLosses({ snapshots }: { snapshots: readonly Snapshot[] }) {
  if (snapshots.length === 0) return null
  const unnamed = snapshots.length - NAMED
  return (
    <div className="flex gap-2">
      <Camera aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0">
        <p className="font-medium text-bad">
          {snapshots.length === 1 ? 'Its snapshot goes with it:' : `Its ${snapshots.length} snapshots go with it:`}
        </p>
        <p className="break-words font-mono text-ink-muted text-sm">
          {snapshots
            .slice(0, NAMED)
            .map(({ name }) => name)
            .join(', ')}
          {unnamed > 0 && ` and ${unnamed} more`}
        </p>
      </div>
    </div>
  )
}

function RepoLosses({ preview, workspace }: { preview: Preview | null; workspace: Workspace }) {
  const { repo, repoState, furtherRepos, furtherRepoStates } = workspace
  const count = furtherRepos.length + (repo === null ? 0 : 1)
  if (count === 0) return null
  const isCloned = [repoState, ...Object.values(furtherRepoStates).map(({ status }) => status)].includes('cloned')
  const [subject, have] = count === 1 ? ['Its repository', 'has'] : ['Its repositories', 'have']
  if (preview === null) return <Skeleton className="h-5 w-64" />
  const { uncommittedFiles, unpushedCommits } = preview
  if (uncommittedFiles === null && unpushedCommits === null) {
    return (
      <p className="text-ink-muted">
        {isCloned
          ? `${subject} may have changes that exist nowhere else. Start the workspace to check.`
          : `${subject} ${have} not been cloned.`}
      </p>
    )
  }
  if (!hasUnsavedWork(preview)) return <p className="text-ink-muted">{`${subject} ${have} no unpushed changes.`}</p>
  const parts = [
    uncommittedFiles ? `${formatCount(uncommittedFiles, 'file')} with uncommitted changes` : '',
    unpushedCommits ? `${formatCount(unpushedCommits, 'commit')} not pushed anywhere` : '',
  ].filter(Boolean)
  return (
    <p className="flex gap-2 font-medium text-bad">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {parts.join(', ')}
    </p>
  )
}
