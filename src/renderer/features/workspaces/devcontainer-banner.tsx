import { Container } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { useSettings } from '../../store/store'
import { Button } from '../../ui/button'
import { ForeignText } from '../../ui/foreign-text'
import { presentProblem } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import {
  isOffered,
  lookAtDevcontainer,
  openDevcontainer,
  rebuildDevcontainer,
  setDevcontainerChoice,
} from '../../workspace-model/workspaces/devcontainer-actions'

/** What was put off in this page, by workspace and what it was about. */
const putOff = new Set<string>()

/** Offers the dev container that was found, and a rebuild when its configuration has changed; tells why it did not come up. */
export function DevcontainerBanner({ workspace }: { workspace: Workspace }) {
  const { id, running, devcontainerState } = workspace
  const { state, path, paths, changed, problem } = devcontainerState
  const settings = useSettings()
  const [, setPutOffCount] = useState(0)
  const isBuilt = devcontainerState.container !== null
  // When somebody begins to look at the workspace: its files may have changed since its start.
  useEffect(() => {
    if (!running || !isBuilt) return
    const aborter = new AbortController()
    lookAtDevcontainer({ id }, aborter.signal)
    return () => aborter.abort()
  }, [id, running, isBuilt])

  if (!running || isBusy(workspace) || settings === null) return null
  const about = changed ? 'change' : state
  const putThisOff = () => {
    putOff.add(`${id} ${about}`)
    setPutOffCount((count) => count + 1)
  }
  const notNow = (
    <Button size="small" variant="ghost" onClick={putThisOff}>
      Not now
    </Button>
  )
  if (problem !== null && state === 'failed') {
    // One that was made would be opened as it is, without the command that failed.
    const again = problem.data.containerId ? rebuildDevcontainer : openDevcontainer
    return <ProblemPanel presentation={presentProblem(problem)} tone="warning" onRetry={() => again(workspace)} />
  }
  if (putOff.has(`${id} ${about}`)) return null
  if (changed && state === 'running')
    return (
      <Banner title="The dev container is out of date" text="Its configuration has changed since it was built.">
        <Button size="small" variant="primary" onClick={() => rebuildDevcontainer(workspace)}>
          Rebuild
        </Button>
        {notNow}
      </Banner>
    )
  if (!isOffered(workspace, settings)) return null
  return (
    <Banner title="This repository has a dev container" text={path ?? ''} isPath>
      {paths.length === 1 ? (
        <Button size="small" variant="primary" onClick={() => openDevcontainer(workspace)}>
          Open in dev container
        </Button>
      ) : (
        paths.map((each) => (
          <Button key={each} size="small" onClick={() => openDevcontainer(workspace, each)}>
            <ForeignText text={`Open ${each}`} />
          </Button>
        ))
      )}
      <Button size="small" onClick={() => setDevcontainerChoice(workspace, 'always')}>
        Always in this workspace
      </Button>
      <Button size="small" variant="ghost" onClick={() => setDevcontainerChoice(workspace, 'never')}>
        Never
      </Button>
      {notNow}
    </Banner>
  )
}

interface BannerProps {
  title: string
  text: string
  isPath?: boolean
  children: ReactNode
}

function Banner({ title, text, isPath = false, children }: BannerProps) {
  return (
    <section aria-label={title} className="flex items-start gap-3 rounded-lg border border-line bg-sunken p-3">
      <Container aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-semibold">{title}</h3>
          <p className={isPath ? 'break-all font-mono text-ink-muted text-sm' : 'text-ink-muted'}>
            <ForeignText text={text} />
          </p>
        </div>
        <div className="flex flex-wrap gap-1.5">{children}</div>
      </div>
    </section>
  )
}
