import { Download, RotateCw } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ForeignText } from '../../ui/foreign-text'
import { saveFile } from '../../ui/save-file'
import { Skeleton } from '../../ui/skeleton'
import { presentError } from './present-problem'

interface Report {
  text: string
  /** What it lacks, a sentence each. */
  missing?: readonly string[]
}

type Shown = { report: Report; failure: null } | { report: null; failure: string | null }

interface ReportDialogProps {
  title: string
  description: string
  file: { name: string; type: string }
  load(): Promise<Report>
  onClose(): void
}

/** A text to be looked over, copied or saved, and sent by whoever wants to. */
export function ReportDialog({ title, description, file, load, onClose }: ReportDialogProps) {
  const [{ report, failure }, setShown] = useState<Shown>({ report: null, failure: null })
  const show = useCallback(async () => {
    setShown({ report: null, failure: null })
    try {
      setShown({ report: await load(), failure: null })
    } catch (error) {
      setShown({ report: null, failure: presentError(error).message })
    }
  }, [load])
  useEffect(() => void show(), [show])

  const text = report?.text ?? ''
  const missing = report?.missing ?? []
  return (
    <Dialog open onClose={onClose} title={title} description={description} width="wide">
      <DialogBody>
        {failure !== null ? (
          <p role="alert" className="text-bad">
            {failure}
          </p>
        ) : report === null ? (
          <Skeleton className="h-80" />
        ) : (
          <>
            {missing.length > 0 && (
              <ul className="mb-2 text-warn">
                {missing.map((line) => (
                  <li key={line}>
                    <ForeignText text={line} />
                  </li>
                ))}
              </ul>
            )}
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable with the keyboard
              tabIndex={0}
              role="document"
              aria-label="Report"
              className="max-h-120 overflow-auto rounded-md border border-line bg-sunken p-3 text-sm"
            >
              <ForeignText text={text} />
            </pre>
          </>
        )}
      </DialogBody>
      <DialogFooter>
        <Button icon={RotateCw} onClick={() => void show()}>
          {failure === null ? 'Refresh' : 'Try again'}
        </Button>
        <Button icon={Download} disabled={report === null} onClick={() => saveFile(file.name, new Blob([text], { type: file.type }))}>
          Save
        </Button>
        <CopyButton withWords label="Copy report" size="medium" text={() => text} />
      </DialogFooter>
    </Dialog>
  )
}
