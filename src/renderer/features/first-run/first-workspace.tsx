import { Box, FileInput, GitBranch, Plus, SquareTerminal } from 'lucide-react'
import { openDialog, openNewWorkspace } from '../../store/dialogs'
import { BerthMark } from '../../ui/berth-mark'
import { Button } from '../../ui/button'
import { copyText } from '../../ui/copy-button'
import { formatCount } from '../../ui/format'
import { showNotice } from '../../ui/notice'
import { ChoiceCard, Choices } from './choices'
import { useAdoptableFromPerry } from './use-adoptable-from-perry'

const COMMAND = 'bin/berth start demo'

/** There are no workspaces: one sentence, one button, three examples. */
export function FirstWorkspace() {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-160 flex-col items-center justify-center gap-6 p-6">
        <BerthMark className="size-10" />
        <div className="flex flex-col items-center gap-4 text-center">
          <h1 className="text-balance font-semibold text-xl">A workspace is its own development machine, with Docker inside.</h1>
          <div className="flex flex-wrap justify-center gap-2">
            <Button variant="primary" icon={Plus} onClick={() => openNewWorkspace()}>
              New workspace
            </Button>
            <Button icon={FileInput} onClick={() => openDialog({ kind: 'import-workspace' })}>
              Import…
            </Button>
          </div>
        </div>
        <Choices label="Examples">
          <ChoiceCard
            icon={Box}
            title="A playground"
            text="An empty machine for trying things out."
            onChoose={() => openNewWorkspace({ name: 'playground' })}
          />
          <ChoiceCard
            icon={GitBranch}
            title="A repository"
            text="Cloned into its own machine."
            onChoose={() => openNewWorkspace({}, 'repo')}
          />
          <ChoiceCard icon={SquareTerminal} title="From a terminal" text={COMMAND} isCode onChoose={() => void copyCommand()} />
        </Choices>
        <Adoptables />
      </div>
    </div>
  )
}

function Adoptables() {
  const adoptable = useAdoptableFromPerry()
  const [first] = adoptable
  if (first === undefined) return null
  return (
    <p className="text-center text-ink-muted">
      The engine has {formatCount(adoptable.length, 'workspace')} from Perry, which Berth can adopt with everything in them.{' '}
      <button
        type="button"
        className="rounded-sm text-accent hover:underline"
        onClick={() => openDialog({ kind: 'adopt-workspace', containerId: first.containerId })}
      >
        Adopt {first.name}…
      </button>
    </p>
  )
}

async function copyCommand(): Promise<void> {
  if (await copyText(COMMAND)) showNotice({ tone: 'good', title: 'Copied', message: COMMAND })
}
