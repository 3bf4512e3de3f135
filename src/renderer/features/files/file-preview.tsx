import { FileQuestion, FileX, FolderOpen, MousePointerClick } from 'lucide-react'
import { useEffect, useState } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { FileEntry, FilePreview } from '../../../shared/contract/files'
import { visibleText } from '../../../shared/visible-text'
import { client } from '../../client'
import { EmptyState } from '../../ui/empty-state'
import { Skeleton } from '../../ui/skeleton'
import { Time } from '../../ui/time'
import { Truncated } from '../../ui/truncated'
import { type Presentation, presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { isFolderLike } from './file-rows'

interface FilePreviewPaneProps {
  workspaceId: string
  /** null when nothing is selected. */
  selection: { path: string; entry: FileEntry } | null
}

/** What is selected: what it is, and as much of it as a person looks at. */
export function FilePreviewPane({ workspaceId, selection }: FilePreviewPaneProps) {
  if (selection === null) {
    return (
      <EmptyState icon={MousePointerClick} title="Nothing selected">
        <p>Select a file to preview it, or drop files here to upload them.</p>
      </EmptyState>
    )
  }
  const { path, entry } = selection
  const isFile = (entry.link === null ? entry.kind : entry.link.kind) === 'file'
  return (
    <section aria-label={`Preview of ${entry.name}`} className="flex min-h-0 flex-1 flex-col">
      <div className="border-line border-b px-4 py-2">
        <Truncated text={entry.name} className="font-semibold" />
        <p className="flex flex-wrap gap-x-3 text-ink-muted text-sm">
          <span>{kindText(entry)}</span>
          {entry.kind === 'file' && <span className="tabular-nums">{formatBytes(entry.size)}</span>}
          <span>
            Changed <Time value={entry.modifiedAt} />
          </span>
          <span className="font-mono">
            {entry.mode.toString(8).padStart(4, '0')} {entry.owner}
          </span>
        </p>
      </div>
      {isFile ? (
        <Content key={`${path} ${entry.modifiedAt}`} workspaceId={workspaceId} path={path} name={entry.name} />
      ) : (
        <NoContent entry={entry} />
      )}
    </section>
  )
}

function NoContent({ entry }: { entry: FileEntry }) {
  if (isFolderLike(entry)) {
    return (
      <EmptyState icon={FolderOpen} title="A folder">
        <p>Upload and New folder add to it. Download saves it as a tar file.</p>
      </EmptyState>
    )
  }
  const title = entry.link === null ? 'No preview' : 'The link leads nowhere'
  return <EmptyState icon={FileQuestion} title={title} />
}

function kindText(entry: FileEntry): string {
  if (entry.link !== null) return entry.link.kind === null ? 'Broken link' : 'Link'
  if (isFolderLike(entry)) return 'Folder'
  return entry.kind === 'file' ? 'File' : 'Device, pipe or socket'
}

function Content({ workspaceId, path, name }: { workspaceId: string; path: string; name: string }) {
  const [preview, setPreview] = useState<FilePreview | null>(null)
  const [problem, setProblem] = useState<Presentation | null>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt reads it again
  useEffect(() => {
    const left = new AbortController()
    client.files.preview({ workspace: workspaceId, path }, { signal: left.signal }).then(setPreview, (error: unknown) => {
      if (!left.signal.aborted) setProblem(presentError(error))
    })
    return () => left.abort()
  }, [workspaceId, path, attempt])

  if (problem !== null) {
    const retry = () => {
      setProblem(null)
      setAttempt((count) => count + 1)
    }
    return <ProblemPanel presentation={problem} onRetry={retry} className="m-4" />
  }
  if (preview === null) {
    return (
      <div className="flex flex-col gap-2 p-4" aria-busy>
        <Skeleton className="h-3 w-3/4" />
        <Skeleton className="h-3 w-1/2" />
        <Skeleton className="h-3 w-2/3" />
      </div>
    )
  }
  switch (preview.kind) {
    case 'text':
      return (
        <>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to get there
            tabIndex={0}
            className="min-h-0 flex-1 overflow-auto bg-sunken px-4 py-3 leading-5 outline-offset-[-2px]"
          >
            {visibleText(preview.text)}
          </pre>
          {preview.truncated && (
            <p className="border-line border-t px-4 py-1.5 text-ink-muted text-sm">
              Only the beginning is shown. Download the file to see all of it.
            </p>
          )}
        </>
      )
    case 'image':
      return (
        <div className="flex min-h-0 flex-1 items-center justify-center overflow-auto bg-sunken p-4">
          <img src={`data:${preview.mediaType};base64,${preview.data}`} alt={name} className="max-h-full max-w-full object-contain" />
        </div>
      )
    case 'none':
      return preview.reason === 'empty' ? (
        <EmptyState icon={FileX} title="The file is empty" />
      ) : (
        <EmptyState icon={FileQuestion} title={preview.reason === 'binary' ? 'No preview' : 'Too large for a preview'}>
          <p>{preview.reason === 'binary' ? 'This file is neither text nor an image.' : 'Download it to view it.'}</p>
        </EmptyState>
      )
    default:
      return preview satisfies never
  }
}
