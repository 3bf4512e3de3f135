import { Download, RotateCw } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { DebugReport } from '../../../shared/contract/debug-report'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ForeignText } from '../../ui/foreign-text'
import { saveFile } from '../../ui/save-file'
import { Skeleton } from '../../ui/skeleton'
import { presentError } from '../../workspace-model/problems/present-problem'

type Shown = { report: DebugReport; failure: null } | { report: null; failure: string | null }

/** All that Berth knows of a workspace, to be sent with a report of a fault. */
export function DebugDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const { id, name } = workspace
  const [shown, setShown] = useState<Shown>({ report: null, failure: null })
  const load = useCallback(async () => {
    setShown({ report: null, failure: null })
    try {
      setShown({ report: await client.debug.report({ workspace: id }), failure: null })
    } catch (error) {
      setShown({ report: null, failure: presentError(error).message })
    }
  }, [id])
  useEffect(() => void load(), [load])

  const { report, failure } = shown
  const text = report === null ? '' : `${JSON.stringify(report, null, 2)}\n`
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Debug report of ${name}`}
      description="State, logs and settings in one document, for a bug report. Known secrets are masked, but review it before you share it."
      width="wide"
    >
      <DialogBody>
        {failure !== null ? (
          <p role="alert" className="text-bad">
            {failure}
          </p>
        ) : report === null ? (
          <Skeleton className="h-80" />
        ) : (
          <>
            {report.missing.length > 0 && (
              <ul className="mb-2 text-warn">
                {report.missing.map(({ part, reason }) => (
                  <li key={part}>
                    <ForeignText text={`Without ${part}: ${reason}`} />
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
        <Button icon={RotateCw} onClick={() => void load()}>
          {failure === null ? 'Refresh' : 'Try again'}
        </Button>
        <Button
          icon={Download}
          disabled={report === null}
          onClick={() => saveFile(`berth-debug-${name}.json`, new Blob([text], { type: 'application/json' }))}
        >
          Save
        </Button>
        <CopyButton withWords label="Copy report" size="medium" text={() => text} />
      </DialogFooter>
    </Dialog>
  )
}
