import { TriangleAlert } from 'lucide-react'
import { damagePlace } from '../../shared/damage-place'
import type { DamagedFile } from '../../shared/damaged-file'
import { client } from '../client'
import { useDamagedFiles } from '../store/store'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { reportError } from '../workspace-model/problems/run-suggested-action'

const WENT_ON_WITH = {
  'last-good': 'Berth is using its last good version.',
  defaults: 'Berth is running without it and found its workspaces on the engine again.',
}

/** Above every screen, until each of the files is accepted. */
export function DamagedFilesBar() {
  const files = useDamagedFiles()
  if (files.length === 0) return null
  return (
    <section
      role="alert"
      aria-label="Damaged files"
      className="max-h-40 overflow-y-auto border-warn-line border-b bg-warn-soft px-3 py-1.5"
    >
      {files.map((file) => (
        <DamagedFileRow key={file.setAsideAs} file={file} />
      ))}
    </section>
  )
}

function DamagedFileRow({ file }: { file: DamagedFile }) {
  const accept = () => {
    client.system.acceptDamage({ setAsideAs: file.setAsideAs }).catch((error: unknown) => reportError(error))
  }
  return (
    <div className="flex items-start gap-2 py-0.5">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <div className="min-w-0 flex-1 break-words">
        <span className="font-semibold">{damagePlace(file)} is damaged.</span> {file.reason} {file.using && WENT_ON_WITH[file.using]}
        <div className="flex items-center gap-1 text-ink-muted text-sm">
          <span className="min-w-0 break-all">
            Set aside as <code>{file.setAsideAs}</code>. To use it again, quit Berth, fix the file and give it its old name.
          </span>
          <CopyButton text={file.setAsideAs} label="Copy path" />
        </div>
      </div>
      <Button size="small" onClick={accept}>
        Accept
      </Button>
    </div>
  )
}
