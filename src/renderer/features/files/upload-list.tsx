import { CircleAlert, CircleCheck, CircleSlash, Loader, type LucideIcon, X } from 'lucide-react'
import { formatBytesOf } from '../../../shared/byte-size'
import { nameOf } from '../../../shared/files/file-path'
import { Button, IconButton } from '../../ui/button'
import { formatCount } from '../../ui/format'
import { ProgressBar } from '../../ui/progress-bar'
import { Truncated } from '../../ui/truncated'
import { cancelUpload, forgetEndedUploads, isUnderWay, retryUpload, type Upload } from '../../workspace-model/files/uploads'

/** Of many, those that need a look. */
const MOST_SHOWN = 5

const ORDER: Record<Upload['status'], number> = { exists: 0, failed: 0, running: 1, waiting: 2, cancelled: 3, done: 3 }

/** Uploads of a workspace, those that need a decision first. */
export function UploadList({ workspaceId, uploads }: { workspaceId: string; uploads: readonly Upload[] }) {
  if (uploads.length === 0) return null
  const shown = [...uploads].sort((one, other) => ORDER[one.status] - ORDER[other.status]).slice(0, MOST_SHOWN)
  const open = uploads.filter(isUnderWay)
  const cancelAll = () => {
    for (const { id } of open) cancelUpload(id)
  }
  return (
    <section aria-label="Uploads" className="max-h-2/5 shrink-0 overflow-y-auto border-line border-t bg-sunken px-4 py-2">
      <div className="flex items-center gap-2">
        <h2 aria-live="polite" className="flex-1 font-semibold">
          {open.length > 0 ? `Uploading ${formatCount(open.length, 'file')}` : 'Uploads'}
        </h2>
        {open.length > 1 && (
          <Button size="small" variant="ghost" onClick={cancelAll}>
            Cancel all
          </Button>
        )}
        {open.length < uploads.length && (
          <Button size="small" variant="ghost" onClick={() => forgetEndedUploads(workspaceId)}>
            Clear
          </Button>
        )}
      </div>
      <ul>
        {shown.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
      {uploads.length > shown.length && <p className="text-ink-muted text-sm">and {uploads.length - shown.length} more</p>}
    </section>
  )
}

function UploadRow({ upload }: { upload: Upload }) {
  const { id, path, size, written, status, problem } = upload
  const name = nameOf(path)
  const [Icon, colour] = LOOKS[status]
  return (
    <li className="flex min-h-7 items-center gap-2">
      <Icon aria-hidden className={`size-3.5 shrink-0 ${colour}`} />
      <Truncated text={name} className="w-2/5 max-w-60" />
      <span className="min-w-0 flex-1 text-ink-muted text-sm">
        {status === 'running' ? (
          <ProgressBar fraction={size === 0 ? null : written / size} label={`Upload of ${name}`} />
        ) : (
          <Truncated text={problem?.message ?? STATUS_TEXT[status]} className={status === 'failed' ? 'text-bad' : ''} />
        )}
      </span>
      {status === 'running' && <span className="shrink-0 text-ink-muted text-sm tabular-nums">{formatBytesOf(written, size)}</span>}
      {status === 'exists' && (
        <Button size="small" onClick={() => retryUpload(id, { replace: true })} aria-label={`Replace ${name}`}>
          Replace
        </Button>
      )}
      {(status === 'failed' || status === 'cancelled') && (
        <Button size="small" onClick={() => retryUpload(id, { replace: false })} aria-label={`Upload ${name} again`}>
          Retry
        </Button>
      )}
      {isUnderWay(upload) && <IconButton size="small" icon={X} label={`Cancel the upload of ${name}`} onClick={() => cancelUpload(id)} />}
    </li>
  )
}

const LOOKS: Record<Upload['status'], [LucideIcon, colour: string]> = {
  waiting: [Loader, 'text-ink-faint'],
  running: [Loader, 'text-accent'],
  done: [CircleCheck, 'text-good'],
  exists: [CircleAlert, 'text-warn'],
  failed: [CircleAlert, 'text-bad'],
  cancelled: [CircleSlash, 'text-ink-faint'],
}

const STATUS_TEXT: Record<Upload['status'], string> = {
  waiting: 'Waiting',
  running: '',
  done: 'Uploaded',
  exists: 'A file with this name exists',
  failed: 'Failed',
  cancelled: 'Cancelled',
}
