import { type FormEvent, useEffect, useState } from 'react'
import { distroSchema } from '../../../shared/image-choice'
import { imageReferenceProblem } from '../../../shared/image-reference'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { formatCount } from '../../ui/format'
import { Skeleton } from '../../ui/skeleton'
import { DistroSelect } from '../../workspace-model/images/distro-select'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { rebuildWorkspace } from '../../workspace-model/workspaces/copy-actions'

type Preview = Awaited<ReturnType<typeof client.workspaces.rebuildPreview>>
type Loading = { status: 'loading' } | { status: 'known'; preview: Preview } | { status: 'failed'; presentation: Presentation }

interface RebuildDialogProps {
  workspace: Workspace
  /** What was chosen before, when that was refused. */
  image: string | undefined
  onClose(): void
}

/** Asks for the image, and shows what would be left behind. Closes at once; the workspace's page shows how it goes. */
export function RebuildDialog({ workspace, image: initial, onClose }: RebuildDialogProps) {
  const [image, setImage] = useState(initial ?? '')
  const [distro, setDistro] = useState('')
  const [snapshot, setSnapshot] = useState(true)
  const [reinstall, setReinstall] = useState(false)
  const [loading, retry] = useRebuildPreview(workspace.id)
  const chosen = image.trim()
  const problem = chosen === '' ? null : imageReferenceProblem(chosen)
  const packages = loading.status === 'known' ? loading.preview.packages : null
  const hasPackages = packages !== null && packages.length > 0

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problem !== null) return
    onClose()
    const asked = distroSchema.safeParse(distro)
    const target = chosen !== '' ? { image: chosen } : asked.success ? { distro: asked.data } : {}
    rebuildWorkspace(workspace, { ...target, snapshot, reinstall: reinstall && hasPackages })
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rebuild ${workspace.name}`}
      description="Replaces its container with one from a newer or different image. Its home folder, Docker volume and port stay."
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <Field label="Distribution" hint="Berth’s image for it; built if necessary">
            {(control) => (
              <DistroSelect
                {...control}
                none="As it is"
                value={distro}
                disabled={chosen !== ''}
                onChange={(event) => setDistro(event.target.value)}
              />
            )}
          </Field>
          <Field label="Image" hint="Its own if empty, as new as there is" problem={problem} keepsRoom>
            {(control) => (
              <TextInput
                {...control}
                autoFocus
                mono
                placeholder={workspace.image ?? undefined}
                value={image}
                onChange={(event) => setImage(event.target.value)}
              />
            )}
          </Field>
          {loading.status === 'failed' ? (
            <ProblemPanel presentation={loading.presentation} onRetry={retry} />
          ) : (
            <LeftBehind preview={loading.status === 'known' ? loading.preview : null} />
          )}
          {hasPackages && (
            <Choice
              title="Install these packages again"
              description="With the package manager of the new image, where it has them."
              checked={reinstall}
              onChange={setReinstall}
            />
          )}
          <Choice
            title="Take a snapshot first"
            description="Keeps everything as it is now, so that you can go back."
            checked={snapshot}
            onChange={setSnapshot}
          />
          {workspace.running && <p>The workspace stops for a moment, and programs running in it end.</p>}
          <p className="text-ink-muted">If it does not start with the new image, it returns to its current container.</p>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={problem !== null}>
            {workspace.running ? 'Stop and rebuild' : 'Rebuild'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** `preview` is null while it is being looked into. */
function LeftBehind({ preview }: { preview: Preview | null }) {
  if (preview === null) return <Skeleton className="h-5 w-64" />
  if (preview.packages === null) return <p className="text-ink-muted">Packages that you installed are left behind. {preview.unknown}</p>
  if (preview.packages.length === 0) return <p className="text-ink-muted">You have not installed any packages yourself.</p>
  return (
    <div className="min-w-0">
      <p className="font-medium">{formatCount(preview.packages.length, 'package')} installed by hand</p>
      <p className="text-ink-muted">These are in the workspace but not in its current image. The new image may include some of them.</p>
      <p className="max-h-24 overflow-y-auto break-words font-mono text-ink-muted text-sm">{preview.packages.join(', ')}</p>
    </div>
  )
}

function useRebuildPreview(workspaceId: string): [Loading, retry: () => void] {
  const [loading, setLoading] = useState<Loading>({ status: 'loading' })
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    const controller = new AbortController()
    setLoading({ status: 'loading' })
    client.workspaces.rebuildPreview({ workspace: workspaceId }, { signal: controller.signal }).then(
      (preview) => controller.signal.aborted || setLoading({ status: 'known', preview }),
      (error: unknown) => controller.signal.aborted || setLoading({ status: 'failed', presentation: presentError(error) }),
    )
    return () => controller.abort()
  }, [workspaceId, attempt])

  return [loading, () => setAttempt(attempt + 1)]
}
