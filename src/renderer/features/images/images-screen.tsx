import { Hammer, Layers } from 'lucide-react'
import { useState } from 'react'
import type { EngineView } from '../../../shared/contract/engines'
import type { Problem } from '../../../shared/error-definitions'
import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import { client } from '../../client'
import { openDialog } from '../../store/dialogs'
import { useOperations } from '../../store/store'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Screen } from '../../ui/screen'
import { Skeleton } from '../../ui/skeleton'
import { EngineBanner } from '../../workspace-model/engine/engine-banner'
import { EnginePicker } from '../../workspace-model/engine/engine-picker'
import { useShownEngine } from '../../workspace-model/engine/shown-engine'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { presentError, presentProblem } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { BuildDialog } from './build-dialog'
import { ImageRow } from './image-row'
import { useImages } from './use-images'

/** The images that workspaces on an engine are made from: what there is, who uses it, and what can be built again. */
export function ImagesScreen() {
  const engine = useShownEngine()
  const build = useOperations().find(({ kind }) => kind === 'image.build') ?? null
  const [isBuilding, setIsBuilding] = useState(false)
  const isUnderWay = build !== null && !hasEnded(build)
  return (
    <Screen
      title="Images"
      actions={
        <>
          <Button variant="ghost" onClick={() => void showBuildLog()}>
            Last build’s log
          </Button>
          <EnginePicker />
          <Button icon={Hammer} variant="primary" disabled={isUnderWay} onClick={() => setIsBuilding(true)}>
            Build…
          </Button>
        </>
      }
    >
      <EngineBanner engine={engine} />
      {isUnderWay && <OperationCard operation={build} heading="h2" />}
      {build?.status === 'failed' && build.error !== null && <FailedBuild problem={build.error} onAgain={() => setIsBuilding(true)} />}
      {engine === undefined ? <LoadingRows /> : <ImagesOf key={engine.id} engine={engine} build={build} />}
      {isBuilding && engine !== undefined && <BuildDialog engine={engine} onClose={() => setIsBuilding(false)} />}
    </Screen>
  )
}

function ImagesOf({ engine, build }: { engine: EngineView; build: Operation | null }) {
  const { images, failure, reload } = useImages(engine, build)
  const isAway = engine.state.status === 'unreachable'
  return (
    <>
      {failure !== null && !isAway && <ProblemPanel presentation={presentError(failure)} onRetry={reload} />}
      {images === null && failure === null && !isAway && <LoadingRows />}
      {images?.length === 0 && (
        <EmptyState icon={Layers} title="No images yet">
          <p>The first workspace gets one automatically. You can also build one beforehand.</p>
        </EmptyState>
      )}
      {images !== null && images.length > 0 && (
        <ul aria-label="Images" className="flex flex-col">
          {images.map((image) => (
            <ImageRow key={image.id} engineId={engine.id} image={image} onRemoved={reload} />
          ))}
        </ul>
      )}
    </>
  )
}

/** The settings say what new workspaces start from, which is nothing to a build. */
function FailedBuild({ problem, onAgain }: { problem: Problem; onAgain(): void }) {
  const presentation = presentProblem(problem)
  const actions = presentation.actions.filter(({ kind }) => kind !== 'open-settings')
  return <ProblemPanel presentation={{ ...presentation, actions }} onRetry={onAgain} />
}

async function showBuildLog(): Promise<void> {
  try {
    const { lines } = await client.images.buildLog()
    openDialog({ kind: 'log', title: 'Last build of an image', lines: lines ?? ['No image was built yet.'] })
  } catch (error) {
    reportError(error, () => void showBuildLog())
  }
}

function LoadingRows() {
  return (
    <div aria-busy className="flex flex-col">
      {['w-40', 'w-52', 'w-32'].map((width) => (
        <div key={width} className="flex h-14 flex-col justify-center gap-2 border-line border-b">
          <Skeleton className={`h-3 ${width}`} />
          <Skeleton className="h-3 w-64 max-w-full" />
        </div>
      ))}
    </div>
  )
}
