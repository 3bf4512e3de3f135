import { Link } from 'wouter'
import type { EngineView } from '../../../shared/contract/engines'
import { routes } from '../../routes'
import { useSystem } from '../../store/store'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { formatDuration } from '../../ui/format'
import { useNow } from '../../ui/use-now'
import { reconnectEngine } from '../../workspace-model/problems/run-suggested-action'
import { engineAdvice } from './engine-advice'

interface EngineHelpProps {
  engines: readonly EngineView[]
  /** Below the heading of where it is shown. */
  heading: 'h2' | 'h3'
  /** Makes a workspace that needs none. */
  onUseHost(): void
}

/** No engine answers: Try again, what Berth tried, and how to get one on this system. */
export function EngineHelp({ engines, heading: Heading, onUseHost }: EngineHelpProps) {
  const states = engines.flatMap(({ state }) => (state.status === 'unreachable' ? state : []))
  const tried = states.flatMap((state) => state.tried)
  const nextTry = states
    .flatMap(({ retryAt }) => retryAt ?? [])
    .sort()
    .at(0)
  const platform = useSystem()?.platform ?? 'linux'
  const AdviceHeading = Heading === 'h2' ? 'h3' : 'h4'
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" onClick={reconnectEngine}>
          Try again
        </Button>
        {platform === 'linux' && <Button onClick={onUseHost}>Use a host workspace instead</Button>}
        {nextTry !== undefined && <NextTry at={nextTry} />}
        <Link href={`${routes.settings}/engine`} className="rounded-sm text-accent hover:underline">
          Engine settings
        </Link>
      </div>
      {tried.length > 0 && (
        <section aria-label="What Berth tried">
          <Heading className="mb-1 font-semibold">What Berth tried</Heading>
          <ul className="rounded-lg border border-line">
            {tried.map(({ endpoint, reason }) => (
              <li key={endpoint} className="border-line px-3 py-1.5 not-last:border-b">
                <p className="break-all font-mono text-sm">{endpoint}</p>
                <p className="break-words text-ink-muted text-sm">{reason}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="What to do">
        <Heading className="mb-1 font-semibold">What to do</Heading>
        <ul className="grid grid-cols-[repeat(auto-fit,minmax(210px,1fr))] gap-2">
          {engineAdvice(platform).map(({ title, text, commands }) => (
            <li key={title} className="flex flex-col gap-1 rounded-lg border border-line p-3">
              <AdviceHeading className="font-medium">{title}</AdviceHeading>
              <p className="text-ink-muted text-sm">{text}</p>
              {commands.map((command) => (
                <div key={command} className="mt-1 flex items-center gap-1 rounded-md bg-sunken py-0.5 pr-0.5 pl-2">
                  <code className="min-w-0 flex-1 select-all break-words">{command}</code>
                  <CopyButton text={command} label={`Copy “${command}”`} />
                </div>
              ))}
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

function NextTry({ at }: { at: string }) {
  const left = Date.parse(at) - useNow('second')
  return (
    <span className="text-ink-muted tabular-nums">
      {left < 1000 ? 'trying…' : `next try in ${formatDuration(Math.ceil(left / 1000) * 1000).replace('.0', '')}`}
    </span>
  )
}
