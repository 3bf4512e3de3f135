import { BookOpen, FilePlus } from 'lucide-react'
import { useState } from 'react'
import { ENTRY_FOLDERS, type EntryKind } from '../../../shared/library/entry-kinds'
import { entryNameProblem } from '../../../shared/library/entry-name'
import { client } from '../../client'
import { useStore } from '../../store/store'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Menu, MenuItem } from '../../ui/menu'
import { Screen } from '../../ui/screen'
import { TextDialog } from '../../ui/text-dialog'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { ENTRY_GROUPS, type Selection } from './entry-groups'
import { EntryView } from './entry-view'
import { GitBanner } from './git-banner'
import { LibraryList } from './library-list'
import { RepositoryView } from './repository-view'
import { StartLibrary } from './start-library'
import { useDrafts } from './use-drafts'

const askIndex = (signal: AbortSignal) => client.library.index(undefined, { signal })
const askStatus = (signal: AbortSignal) => client.library.status(undefined, { signal })

/** Templates, skills and tools on the left; one of them, or the history of all, on the right. */
export function LibraryScreen() {
  const { value: index, failure, reload } = useFromLibrary(askIndex)
  const status = useFromLibrary(askStatus)
  const [selection, setSelection] = useState<Selection>(null)
  const [creating, setCreating] = useState<EntryKind | null>(null)
  const drafts = useDrafts()
  const isLoaded = useStore((state) => state.loaded)
  const entry = selection && (index?.entries.find(({ kind, id }) => kind === selection.kind && id === selection.id) ?? null)
  if (failure !== null) {
    return (
      <Screen title="Library">
        <ProblemPanel presentation={presentError(failure)} onRetry={reload} />
      </Screen>
    )
  }
  if (index !== null && !index.exists) {
    return (
      <Screen title="Library">
        <StartLibrary folder={index.folder} />
      </Screen>
    )
  }
  return (
    <Screen
      title="Library"
      fills
      actions={
        <Menu
          trigger={
            <Button icon={FilePlus} variant="primary">
              New
            </Button>
          }
        >
          {ENTRY_GROUPS.map(({ kind, title, icon }) => (
            <MenuItem key={kind} icon={icon} onSelect={() => setCreating(kind)}>
              {title.slice(0, -1)}…
            </MenuItem>
          ))}
        </Menu>
      }
    >
      {status.value !== null && <GitBanner status={status.value} onShow={() => setSelection(null)} />}
      <div className="flex min-h-0 flex-1 max-sm:flex-col">
        <LibraryList
          index={index}
          selection={selection}
          unsaved={drafts.unsaved}
          onSelect={setSelection}
          changes={status.value?.changeCount ?? 0}
        />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {entry !== null && isLoaded ? (
            <EntryView key={`${entry.kind}/${entry.id}`} entry={entry} drafts={drafts} />
          ) : selection === null ? (
            <RepositoryView status={status.value} failure={status.failure} onRetry={status.reload} />
          ) : (
            <EmptyState icon={BookOpen} title="It no longer exists">
              <Button onClick={() => setSelection(null)}>Show the history</Button>
            </EmptyState>
          )}
        </div>
      </div>
      {creating !== null && (
        <TextDialog
          title={`New ${creating}`}
          description={`A file of the library, in the folder ${ENTRY_FOLDERS[creating]}.`}
          label="Name"
          hint="Letters, digits, dots, dashes and underscores"
          initial=""
          mono
          check={(name) => entryNameProblem(name) ?? takenProblem(creating, name)}
          action="Create"
          onSubmit={(name) => create(creating, name)}
          onClose={() => setCreating(null)}
        />
      )}
    </Screen>
  )

  function takenProblem(kind: EntryKind, name: string): string | null {
    return index?.entries.some((other) => other.kind === kind && other.id === name) ? `There is a ${kind} of this name already.` : null
  }

  function create(kind: EntryKind, id: string): void {
    const { path, text } = BEGINNINGS[kind](id)
    client.library.writeFile({ path, text, digest: null }).then(
      () => {
        reload()
        setSelection({ kind, id })
      },
      (error: unknown) => reportError(error, () => create(kind, id)),
    )
  }
}

/** What a new entry begins with. */
const BEGINNINGS: Readonly<Record<EntryKind, (id: string) => { path: string; text: string }>> = {
  template: (id) => ({ path: `workspace-template/${id}.json`, text: `{\n  "name": "${id}",\n  "description": "",\n  "env": {}\n}\n` }),
  skill: (id) => ({
    path: `skill/${id}/SKILL.md`,
    text: `---\nname: ${id}\ndescription: When to use it, in a sentence.\n---\n\n# ${id}\n`,
  }),
  tool: (id) => ({
    path: `tool/${id}.ts`,
    text: `import { tool } from '@opencode-ai/plugin'\n\nexport default tool({\n  description: '',\n  args: {},\n  async execute() {\n    return ''\n  },\n})\n`,
  }),
}
