import { GitBranch, TriangleAlert } from 'lucide-react'
import type { LibraryStatus } from '../../../shared/contract/library'
import { LIBRARY_ACTIONS, type LibraryAction } from '../../../shared/library/git-states'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { ForeignText } from '../../ui/foreign-text'
import { useLibraryAction } from './use-library-action'

/** In what state the repository is, and what can be done about it. `onShow` leads to where commits are made. */
export function GitBanner({ status, onShow }: { status: LibraryStatus; onShow(): void }) {
  const { run, isRunning } = useLibraryAction()
  const { states, detail, actions, branch, remote } = status
  const isUrgent = states.some((state) => URGENT.has(state))
  const Icon = isUrgent ? TriangleAlert : GitBranch

  const perform = (action: LibraryAction) => {
    switch (action) {
      case 'commit':
        return onShow()
      case 'init':
        return run(() => client.library.init())
      case 'pull':
        return run(
          () => client.library.pull({}),
          ({ states: after }) => ({ title: after.includes('clean') ? 'The library is up to date' : 'Pulled' }),
        )
      case 'pull-merge':
        return run(
          () => client.library.pull({ how: 'merge' }),
          ({ states: after }) => (after.includes('conflicting') ? null : { title: 'Merged' }),
        )
      case 'take-remote':
        return run(
          () => client.library.pull({ how: 'take-remote' }),
          ({ keptAs }) => ({ title: 'The remote’s version is here', message: `What was here is kept as the branch ${keptAs}.` }),
        )
      case 'push':
        return run(
          () => client.library.push(),
          () => ({ title: 'Pushed' }),
        )
      case 'abort':
        return run(() => client.library.abort())
      case 'continue':
        return run(() => client.library.continue())
      case 'clone':
        // Offered where there is no library: `StartLibrary`.
        return
      default:
        return action satisfies never
    }
  }

  return (
    <section
      aria-label="State of the library"
      className={`flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-5 py-2 ${isUrgent ? 'bg-warn-soft' : 'bg-sunken'}`}
    >
      <Icon aria-hidden className={`size-3.5 shrink-0 ${isUrgent ? 'text-warn' : 'text-ink-muted'}`} />
      <p className="min-w-40 flex-1" role="status">
        {branch !== null && (
          <span className="mr-2 font-mono text-sm">
            <ForeignText text={branch} />
          </span>
        )}
        <ForeignText text={detail} />
        {remote !== null && (
          <span className="ml-2 break-all text-ink-muted text-sm">
            <ForeignText text={remote} />
          </span>
        )}
      </p>
      <div className="flex flex-wrap gap-1.5">
        {actions.map((action, index) => (
          <Button
            key={action}
            size="small"
            variant={index === 0 ? 'secondary' : 'ghost'}
            disabled={isRunning}
            onClick={() => perform(action)}
          >
            {action === 'init' ? 'Put it under git' : LIBRARY_ACTIONS[action]}
          </Button>
        ))}
      </div>
    </section>
  )
}

const URGENT: ReadonlySet<LibraryStatus['states'][number]> = new Set([
  ...(['conflicting', 'merging', 'other-operation', 'detached', 'rewritten', 'diverged', 'unusable', 'not-a-repository'] as const),
])
