import { Unplug } from 'lucide-react'
import { Link } from 'wouter'
import type { EngineView } from '../../../shared/contract/engines'
import { routes } from '../../routes'
import { openNewWorkspace } from '../../store/dialogs'
import { useSystem } from '../../store/store'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { formatDuration } from '../../ui/format'
import { useNow } from '../../ui/use-now'
import { reconnectEngine } from '../../workspace-model/problems/run-suggested-action'
import { engineAdvice } from './engine-advice'

/** What Berth tried, how to get one on this system, and Try again. Goes away by itself when an engine answers. */
export function NoEngine({ engines }: { engines: readonly EngineView[] }) {
  const states = engines.flatMap(({ state }) => (state.status === 'unreachable' ? state : []))
  const tried = states.flatMap((state) => state.tried)
  const nextTry = states
    .flatMap(({ retryAt }) => retryAt ?? [])
    .sort()
    .at(0)
  const platform = useSystem()?.platform ?? 'linux'
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-180 flex-col justify-center gap-6 p-6">
        <header className="flex flex-col gap-1">
          <Unplug aria-hidden className="size-6 text-ink-faint" strokeWidth={1.5} />
          <h1 className="mt-1 font-semibold text-xl">No Docker engine is responding</h1>
          <p className="text-ink-muted">
            Workspaces are containers, so Berth needs a Docker engine. It continues by itself as soon as one responds.
          </p>
          <div className="mt-3 flex flex-wrap items-center gap-3">
            <Button variant="primary" onClick={reconnectEngine}>
              Try again
            </Button>
            {platform === 'linux' && <Button onClick={() => openNewWorkspace({ place: 'host' })}>Use a host workspace instead</Button>}
            {nextTry !== undefined && <NextTry at={nextTry} />}
            <Link href={`${routes.settings}/engine`} className="rounded-sm text-accent hover:underline">
              Engine settings
            </Link>
          </div>
        </header>
        {tried.length > 0 && (
          <section aria-label="What Berth tried">
            <h2 className="mb-1 font-semibold">What Berth tried</h2>
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
          <h2 className="mb-1 font-semibold">What to do</h2>
          <ul className="grid grid-cols-[repeat(auto-fit,minmax(210px,1fr))] gap-2">
            {engineAdvice(platform).map(({ title, text, commands }) => (
              <li key={title} className="flex flex-col gap-1 rounded-lg border border-line p-3">
                <h3 className="font-medium">{title}</h3>
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
