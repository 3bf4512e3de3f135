import { useCallback } from 'react'
import type { TemplateChange } from '../../../shared/contract/library'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { ForeignText } from '../../ui/foreign-text'
import { showNotice } from '../../ui/notice'
import { Skeleton } from '../../ui/skeleton'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { notifyWhenDone } from '../../workspace-model/operations/operation-notices'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'

const EFFECTS: Readonly<Record<TemplateChange['effect'], string>> = {
  live: 'At once',
  restart: 'At its next start',
  rebuild: 'By a rebuild',
  never: 'Not: chosen at creation',
}

/** Shows what of its template has changed, and brings the workspace in line with it. */
export function ApplyTemplateDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const { id, name } = workspace
  const { value, failure, reload } = useFromLibrary(useCallback((signal) => client.library.changes({ workspace: id }, { signal }), [id]))
  const changes = value?.changes ?? []
  const rebuilds = changes.some(({ effect }) => effect === 'rebuild')

  const apply = () => {
    onClose()
    client.library.apply({ workspace: id }).then(
      ({ started, template }) => {
        if (started) notifyWhenDone(started.operation.id, { again: apply })
        else showNotice({ tone: 'good', title: `${name} is in line with ${template}` })
      },
      (error: unknown) => reportError(error, apply),
    )
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Apply the template to ${name}`}
      description={
        value === null ? 'What has changed since it was applied.' : `What has changed in ${value.template} since it was applied.`
      }
    >
      <DialogBody className="flex flex-col gap-3">
        {failure !== null && <ProblemPanel presentation={presentError(failure)} onRetry={reload} />}
        {value === null && failure === null && <Skeleton className="h-16 w-full" />}
        {value !== null && changes.length === 0 && <p>It is in line with its template.</p>}
        <ul aria-label="Changes">
          {changes.map(({ field, title, effect, summary }) => (
            <li key={field} className="flex flex-wrap items-baseline gap-x-3 border-line border-b py-1.5">
              <span className="font-medium">{title}</span>
              <span className="min-w-0 flex-1 break-words">
                <ForeignText text={summary} />
              </span>
              <span className="text-ink-muted text-sm">{EFFECTS[effect]}</span>
            </li>
          ))}
        </ul>
        {rebuilds && <p className="text-ink-muted">It gets a new container. The state before is kept as a snapshot.</p>}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" disabled={changes.length === 0} onClick={apply}>
          {rebuilds ? 'Apply and rebuild' : 'Apply'}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
