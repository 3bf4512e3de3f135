import { type FormEvent, useState } from 'react'
import type { LibraryStatus } from '../../../shared/contract/library'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { Field, TextInput } from '../../ui/field'
import { ForeignText } from '../../ui/foreign-text'
import { Later, laterCode } from '../../ui/later'
import { Time } from '../../ui/time'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { useLibraryAction } from './use-library-action'

const diffOfFile = laterCode(() => import('./diff-view').then((module) => module.DiffOfFile))
const askLog = (signal: AbortSignal) => client.library.log({ limit: 100 }, { signal })

interface RepositoryViewProps {
  status: LibraryStatus | null
  /** Why the state is not known, such as that there is no git on this machine; null when it is. */
  failure: unknown
  onRetry(): void
}

/** What is not committed, with a box to commit it, and all commits. */
export function RepositoryView({ status, failure, onRetry }: RepositoryViewProps) {
  const { value: commits } = useFromLibrary(askLog)
  const changes = status?.changes ?? []
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex max-w-220 flex-col gap-6 p-5">
        {failure !== null && <ProblemPanel presentation={presentError(failure)} onRetry={onRetry} />}
        {status?.actions.includes('commit') && <CommitBox />}
        {changes.length > 0 && (
          <section aria-labelledby="library-changes" className="flex flex-col gap-1">
            <h2 id="library-changes" className="font-semibold">
              Not committed
            </h2>
            <ul>
              {changes.map((change) => (
                <Changed key={change.path} {...change} isConflict={status?.conflicts.includes(change.path) ?? false} />
              ))}
            </ul>
            {status !== null && status.changeCount > changes.length && (
              <p className="text-ink-muted">and {status.changeCount - changes.length} more</p>
            )}
          </section>
        )}
        <section aria-labelledby="library-commits" className="flex flex-col gap-1">
          <h2 id="library-commits" className="font-semibold">
            Commits
          </h2>
          {commits?.length === 0 && <p className="text-ink-muted">None yet.</p>}
          <ul aria-label="Commits">
            {commits?.map(({ id, author, at, subject }) => (
              <li key={id} className="flex min-h-8 flex-wrap items-baseline gap-x-3 border-line border-b py-1">
                <span className="min-w-40 flex-1 break-words">
                  <ForeignText text={subject} />
                </span>
                <span className="text-ink-muted text-sm">
                  <ForeignText text={author} />, <Time value={at} />
                </span>
                <code className="text-ink-muted">{id.slice(0, 8)}</code>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  )
}

function CommitBox() {
  const [message, setMessage] = useState('')
  const { run, isRunning } = useLibraryAction()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (message.trim() === '') return
    run(
      () => client.library.commit({ message }),
      () => {
        setMessage('')
        return { title: 'Committed' }
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-2">
      <div className="min-w-48 flex-1">
        <Field label="Message" hint="What has changed. All changes are committed.">
          {(control) => <TextInput {...control} value={message} onChange={(event) => setMessage(event.target.value)} />}
        </Field>
      </div>
      <Button type="submit" variant="primary" className="mt-6" disabled={isRunning || message.trim() === ''}>
        Commit
      </Button>
    </form>
  )
}

function Changed({ path, change, isConflict }: LibraryStatus['changes'][number] & { isConflict: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li className="border-line border-b">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-h-7 w-full items-baseline gap-3 px-1 text-left hover:bg-hover"
      >
        <span className="min-w-0 flex-1 break-all font-mono text-sm">
          <ForeignText text={path} />
        </span>
        <span className={isConflict ? 'text-bad text-sm' : 'text-ink-muted text-sm'}>{isConflict ? 'conflict' : change}</span>
      </button>
      {isOpen && <Later code={diffOfFile} props={{ path }} />}
    </li>
  )
}
