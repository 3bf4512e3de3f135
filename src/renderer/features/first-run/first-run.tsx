import { type FocusEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Operation } from '../../../shared/operation'
import type { Workspace } from '../../../shared/workspace'
import { currentPath, go, routes } from '../../routes'
import { useEngines, useOperation, useSshConfig, useSystem, useWorkspaces } from '../../store/store'
import { BerthMark } from '../../ui/berth-mark'
import { Button } from '../../ui/button'
import { statusWord } from '../../workspace-model/workspaces/describe-workspace'
import { EngineStep, engineSummary } from './engine-step'
import { endFirstRun } from './first-run-memory'
import { currentStep, doneSteps, isBeingMade, STEPS, type Step, shownWorkspace } from './first-run-steps'
import { SshStep } from './ssh-step'
import { StepSection } from './step-section'
import { WorkspaceStep } from './workspace-step'

const TITLES: Record<Step, string> = { engine: 'Docker engine', workspace: 'Your first workspace', ssh: 'Editor and SSH' }

/** Three steps to the first workspace: an engine, the workspace, and the ways into it. Each is done by itself as soon as what it is about is there. */
export function FirstRun() {
  const engines = useEngines()
  const workspace = shownWorkspace(useWorkspaces())
  const operation = useOperation(workspace?.operationId ?? null)
  const isMaking = isBeingMade(operation)
  const isSshInstalled = useSshConfig()?.installed === true
  const done = doneSteps({ engines, workspace, isBeingMade: isMaking, isSshInstalled })
  const current = currentStep(done)
  const isDesktop = useSystem()?.door === 'desktop'
  const { opened, setOpened } = useOpened(current)
  const keptFocus = useKeptFocus(opened, workspace?.id)

  const summaries: Record<Step, string> = {
    engine: engineSummary(engines, !done.engine),
    workspace: workspaceSummary(workspace, operation),
    ssh: isSshInstalled ? 'ssh and editors reach workspaces by name' : 'Reach workspaces by name',
  }
  const contents: Record<Step, () => ReactNode> = {
    engine: () => <EngineStep engines={engines} />,
    workspace: () => <WorkspaceStep workspace={workspace} operation={operation} />,
    ssh: () => <SshStep workspace={isMaking ? undefined : workspace} />,
  }
  const leave = (how: 'skipped' | 'finished') => {
    endFirstRun(how)
    go(routes.home)
  }

  return (
    // Whoever begins here stays here: home would go on to the workspace as soon as there is one.
    <div className="min-h-0 flex-1 overflow-y-auto" onClickCapture={stayHere}>
      <div className="mx-auto flex w-full max-w-160 flex-col gap-5 p-6 sm:pt-[7vh]">
        <header className="flex flex-col gap-1">
          <BerthMark className="size-8" />
          <h1 className="mt-2 font-semibold text-xl">Get started with Berth</h1>
          <p className="text-ink-muted">
            A workspace is its own development machine, with Docker inside. Three steps lead to your first one.
          </p>
        </header>
        <ol {...keptFocus} aria-label="Steps" className="overflow-hidden rounded-lg border border-line">
          {STEPS.map((step, index) => (
            <StepSection
              key={step}
              number={index + 1}
              title={TITLES[step]}
              summary={summaries[step]}
              state={done[step] ? 'done' : step === current ? 'current' : 'later'}
              isOpen={step === opened}
              onOpenChange={(isOpen) => setOpened(isOpen ? step : null)}
            >
              {step === opened && contents[step]()}
            </StepSection>
          ))}
        </ol>
        <footer className="flex items-center gap-3">
          <p className="min-w-0 flex-1 text-ink-muted text-sm">
            {isDesktop ? 'You can come back later from the Help menu.' : 'You can come back later: “Get started” in the command palette.'}
          </p>
          {current === null ? (
            <Button variant="primary" onClick={() => leave('finished')}>
              Done
            </Button>
          ) : workspace !== undefined && !isMaking ? (
            <Button onClick={() => leave('finished')}>Done</Button>
          ) : (
            <Button variant="ghost" onClick={() => leave('skipped')}>
              Skip
            </Button>
          )}
        </footer>
      </div>
    </div>
  )
}

function workspaceSummary(workspace: Workspace | undefined, operation: Operation | undefined): string {
  return workspace === undefined
    ? 'Empty, with a repository, or in a folder of yours'
    : `${workspace.name}: ${statusWord(workspace, operation)}`
}

function stayHere(): void {
  if (currentPath() === routes.home) go(routes.firstRun, { replace: true })
}

/** The current step is open, or whichever the person opened during it. Once all are done it is the last one, which has the editors. */
function useOpened(current: Step | null): { opened: Step | null; setOpened(step: Step | null): void } {
  const [choice, setChoice] = useState<{ step: Step | null; during: Step | null } | null>(null)
  const opened = choice !== null && choice.during === current ? choice.step : (current ?? 'ssh')
  return { opened, setOpened: (step) => setChoice({ step, during: current }) }
}

/** What has the focus in the list may go when its step is done: then the step that opens instead has it. */
function useKeptFocus(opened: Step | null, workspaceId: string | undefined) {
  const list = useRef<HTMLOListElement>(null)
  const isInside = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what it follows
  useEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return
    list.current?.querySelector<HTMLElement>('li[data-state=open] button')?.focus()
  }, [opened, workspaceId])
  return {
    ref: list,
    onFocus: () => {
      isInside.current = true
    },
    onBlur: ({ relatedTarget }: FocusEvent) => {
      // Null also for what has gone.
      if (relatedTarget !== null) isInside.current = list.current?.contains(relatedTarget) === true
    },
  }
}
