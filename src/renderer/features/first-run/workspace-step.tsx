import { Box, FileInput, FolderOpen, GitBranch, Import, LayoutTemplate } from 'lucide-react'
import { Link } from 'wouter'
import { libraryTemplate } from '../../../shared/library/template-reference'
import type { Operation } from '../../../shared/operation'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { routes } from '../../routes'
import { openDialog, openNewWorkspace } from '../../store/dialogs'
import { useSystem } from '../../store/store'
import { Button } from '../../ui/button'
import { formatCount } from '../../ui/format'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { statusWord } from '../../workspace-model/workspaces/describe-workspace'
import { WorkspaceMark } from '../../workspace-model/workspaces/workspace-mark'
import { ChoiceCard, Choices } from './choices'
import { useAdoptableFromPerry } from './use-adoptable-from-perry'

interface WorkspaceStepProps {
  workspace: Workspace | undefined
  /** The one under way on it. */
  operation: Operation | undefined
}

/** Ways to make the first workspace; then the workspace, with how its making goes. */
export function WorkspaceStep({ workspace, operation }: WorkspaceStepProps) {
  if (workspace === undefined) return <WaysToBegin />
  return (
    <>
      <Link
        href={routes.workspace(workspace.name)}
        className="flex items-center gap-2 rounded-lg border border-line px-3 py-2 hover:border-line-strong hover:bg-hover"
      >
        <WorkspaceMark workspace={workspace} />
        <span className="min-w-0 flex-1 truncate font-medium">{workspace.name}</span>
        <span className="shrink-0 text-ink-muted">{statusWord(workspace, operation)}</span>
      </Link>
      {operation !== undefined && <OperationCard operation={operation} heading="h3" isCompact />}
    </>
  )
}

function WaysToBegin() {
  const offersHost = useSystem()?.platform === 'linux'
  const { value: library } = useFromLibrary(askIndex)
  const templates = library?.entries.filter(({ kind, problems }) => kind === 'template' && problems.length === 0) ?? []
  const [template] = templates
  const adoptable = useAdoptableFromPerry()
  const [adopted] = adoptable
  return (
    <>
      <Choices label="Ways to begin">
        <ChoiceCard
          icon={Box}
          title="Empty"
          text="A machine for trying things out."
          onChoose={() => openNewWorkspace({ name: 'playground' })}
        />
        <ChoiceCard icon={GitBranch} title="Repository" text="Cloned into its own machine." onChoose={() => openNewWorkspace({}, 'repo')} />
        {offersHost && (
          <ChoiceCard
            icon={FolderOpen}
            title="Folder of this machine"
            text="Terminals and commands in it, without Docker."
            onChoose={() => openNewWorkspace({ place: 'host' })}
          />
        )}
        {template !== undefined && (
          <ChoiceCard
            icon={LayoutTemplate}
            title="From a template"
            text={templates.length === 1 ? template.name : `${formatCount(templates.length, 'template')} in your library.`}
            onChoose={() => openNewWorkspace({ template: libraryTemplate(template.id) })}
          />
        )}
        {adopted !== undefined && (
          <ChoiceCard
            icon={Import}
            title="Adopt from Perry"
            text={adoptable.length === 1 ? `${adopted.name}, with everything in it.` : `${adopted.name}, one of ${adoptable.length}.`}
            onChoose={() => openDialog({ kind: 'adopt-workspace', containerId: adopted.containerId })}
          />
        )}
      </Choices>
      <p className="flex flex-wrap items-center gap-x-1 text-ink-muted">
        Or read one that was exported to a file:
        <Button variant="ghost" size="small" icon={FileInput} onClick={() => openDialog({ kind: 'import-workspace' })}>
          Import…
        </Button>
      </p>
    </>
  )
}

const askIndex = (signal: AbortSignal) => client.library.index(undefined, { signal })
