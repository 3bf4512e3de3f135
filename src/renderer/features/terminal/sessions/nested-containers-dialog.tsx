import { Container, RotateCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { NestedContainer } from '../../../../shared/contract/terminals'
import type { Workspace } from '../../../../shared/workspace'
import { client } from '../../../client'
import { Button } from '../../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../../ui/dialog'
import { ForeignText } from '../../../ui/foreign-text'
import { Skeleton } from '../../../ui/skeleton'
import { type Presentation, presentError } from '../../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../../workspace-model/problems/problem-panel'

interface NestedContainersDialogProps {
  workspace: Workspace
  onChoose(containerId: string): void
  onClose(): void
}

type Answer = { containers: NestedContainer[] } | { problem: Presentation } | null

/** Asks in which container of the workspace's own engine a shell is to be opened. */
export function NestedContainersDialog({ workspace, onChoose, onClose }: NestedContainersDialogProps) {
  const [answer, setAnswer] = useState<Answer>(null)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again at each attempt
  useEffect(() => {
    let isWanted = true
    setAnswer(null)
    client.terminals.nestedContainers({ workspace: workspace.id }).then(
      (containers) => isWanted && setAnswer({ containers }),
      (error: unknown) => isWanted && setAnswer({ problem: presentError(error) }),
    )
    return () => {
      isWanted = false
    }
  }, [workspace.id, attempt])

  return (
    <Dialog open onClose={onClose} title="Shell in a container" description={`Running containers on the engine inside ${workspace.name}.`}>
      <DialogBody>
        {answer === null && <Skeleton className="h-10 w-full" />}
        {answer !== null && 'problem' in answer && (
          <ProblemPanel presentation={answer.problem} onRetry={() => setAttempt((count) => count + 1)} />
        )}
        {answer !== null && 'containers' in answer && <ContainerList containers={answer.containers} onChoose={onChoose} />}
      </DialogBody>
      <DialogFooter>
        <Button icon={RotateCw} onClick={() => setAttempt((count) => count + 1)}>
          Look again
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </DialogFooter>
    </Dialog>
  )
}

function focusIt(element: HTMLElement | null): void {
  element?.focus()
}

function ContainerList({ containers, onChoose }: { containers: NestedContainer[]; onChoose(containerId: string): void }) {
  if (containers.length === 0) return <p className="py-2 text-ink-muted">No container runs inside.</p>
  return (
    <ul className="flex flex-col gap-1">
      {containers.map(({ id, name, image, status }, index) => (
        <li key={id}>
          <button
            type="button"
            ref={index === 0 ? focusIt : undefined}
            onClick={() => onChoose(id)}
            className="flex w-full items-center gap-2.5 rounded-md border border-line px-3 py-2 text-left hover:bg-hover"
          >
            <Container aria-hidden className="size-4 shrink-0 text-ink-muted" />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium font-mono">
                <ForeignText text={name} />
              </span>
              <span className="block truncate text-ink-muted text-sm">{image}</span>
            </span>
            <span className="shrink-0 text-ink-muted text-sm">{status}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
