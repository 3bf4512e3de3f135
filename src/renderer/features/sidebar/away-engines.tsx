import { Link } from 'wouter'
import { routes } from '../../routes'
import { useEngines } from '../../store/store'
import { StatusDot } from '../../ui/status-dot'
import { Truncated } from '../../ui/truncated'
import { doesNotAnswer } from '../../workspace-model/engine/describe-engine'

/** Which of several engines do not answer; nothing while all do. What is on them is dimmed in the list. */
export function AwayEngines() {
  const engines = useEngines()
  const away = engines.filter(({ state }) => doesNotAnswer(state))
  if (engines.length < 2 || away.length === 0) return null
  return (
    <ul aria-label="Engines that are not responding" className="shrink-0 border-line border-t px-2 py-1">
      {away.map(({ id, name }) => (
        <li key={id}>
          <Link
            href={routes.engine(name)}
            className="flex h-7 items-center gap-2 rounded-md px-2 text-ink-muted hover:bg-hover hover:text-ink"
          >
            <StatusDot state="error" />
            <Truncated text={name} />
            <span className="ml-auto shrink-0 text-sm">no answer</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
