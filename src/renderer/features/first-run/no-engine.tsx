import { Unplug } from 'lucide-react'
import type { EngineView } from '../../../shared/contract/engines'
import { openNewWorkspace } from '../../store/dialogs'
import { EngineHelp } from './engine-help'

/** What Berth tried, how to get one on this system, and Try again. Goes away by itself when an engine answers. */
export function NoEngine({ engines }: { engines: readonly EngineView[] }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-180 flex-col justify-center gap-4 p-6">
        <header className="flex flex-col gap-1">
          <Unplug aria-hidden className="size-6 text-ink-faint" strokeWidth={1.5} />
          <h1 className="mt-1 font-semibold text-xl">No Docker engine is responding</h1>
          <p className="text-ink-muted">
            Workspaces are containers, so Berth needs a Docker engine. It continues by itself as soon as one responds.
          </p>
        </header>
        <EngineHelp engines={engines} heading="h2" onUseHost={() => openNewWorkspace({ place: 'host' })} />
      </div>
    </div>
  )
}
