import { Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { EntryProblem, LibraryEntry, LibraryFile } from '../../../shared/contract/library'
import { libraryTemplate } from '../../../shared/library/template-reference'
import { client } from '../../client'
import { openNewWorkspace } from '../../store/dialogs'
import { freeNameFor } from '../../store/free-name'
import { Button } from '../../ui/button'
import { Select } from '../../ui/field'
import { ForeignText } from '../../ui/foreign-text'
import { Later, laterCode } from '../../ui/later'
import { Segmented } from '../../ui/segmented'
import { Skeleton } from '../../ui/skeleton'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import type { Drafts } from './use-drafts'

const codeEditor = laterCode(() => import('./code-editor').then((module) => module.CodeEditor))
const diffOfFile = laterCode(() => import('./diff-view').then((module) => module.DiffOfFile))

/** One template, skill or tool: its files, each to be changed and compared with the last commit. */
export function EntryView({ entry, drafts }: { entry: LibraryEntry; drafts: Drafts }) {
  const { kind, id } = entry
  const { value, failure, reload } = useFromLibrary(useCallback((signal) => client.library.show({ kind, id }, { signal }), [kind, id]))
  const [chosen, setChosen] = useState<string | null>(null)
  if (failure !== null) return <ProblemPanel presentation={presentError(failure)} onRetry={reload} className="m-5" />
  if (value === null) return <Skeleton className="m-5 h-40" />
  const path = chosen ?? entry.file
  return (
    <>
      <EntryHeader entry={entry} files={value.files.map((file) => file.path)} path={path} onChoose={setChosen} />
      {path !== null && <FileView key={path} path={path} isTemplate={kind === 'template'} drafts={drafts} />}
    </>
  )
}

interface EntryHeaderProps {
  entry: LibraryEntry
  files: string[]
  path: string | null
  onChoose(path: string): void
}

function EntryHeader({ entry, files, path, onChoose }: EntryHeaderProps) {
  const { kind, id, name, description, problems } = entry
  return (
    <header className="flex shrink-0 flex-col gap-2 border-line border-b px-5 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 flex-1 break-words font-semibold text-lg">
          <ForeignText text={name} />
          {name !== id && (
            <span className="ml-2 font-mono font-normal text-ink-muted text-sm">
              <ForeignText text={id} />
            </span>
          )}
        </h2>
        {files.length > 1 && (
          <Select aria-label="File" className="max-w-60" value={path ?? ''} onChange={(event) => onChoose(event.target.value)}>
            {files.map((file) => (
              <option key={file} value={file}>
                {file}
              </option>
            ))}
          </Select>
        )}
        {kind === 'template' && (
          <Button
            icon={Plus}
            size="small"
            disabled={problems.length > 0}
            onClick={() => openNewWorkspace({ template: libraryTemplate(id), name: freeNameFor(id.toLowerCase()) })}
          >
            New workspace
          </Button>
        )}
      </div>
      {description !== null && (
        <p className="break-words text-ink-muted">
          <ForeignText text={description} />
        </p>
      )}
      {problems.length > 0 && (
        <ul aria-label="Problems" className="flex max-h-24 flex-col overflow-y-auto text-sm text-warn">
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.line} ${problem.message}`} className="break-words">
              <ForeignText text={placed(problem)} />
            </li>
          ))}
        </ul>
      )}
    </header>
  )
}

/** “Line 4, limits.cpus: Too small” */
function placed({ message, path, line }: EntryProblem): string {
  const place = [line === null ? null : `Line ${line}`, path].filter((part) => part !== null).join(', ')
  return place === '' ? message : `${place}: ${message}`
}

type Shown = 'text' | 'diff'
const SHOWN: readonly { value: Shown; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'diff', label: 'Changes' },
]

interface FileViewProps {
  path: string
  isTemplate: boolean
  drafts: Drafts
}

function FileView({ path, isTemplate, drafts }: FileViewProps) {
  const {
    value: file,
    failure,
    reload,
    put,
  } = useFromLibrary(useCallback((signal) => client.library.readFile({ path }, { signal }), [path]))
  const [shown, setShown] = useState<Shown>('text')
  /** Of the text as it is typed. */
  const [typedProblems, setTypedProblems] = useState<readonly EntryProblem[]>([])
  if (failure !== null && file === null) return <ProblemPanel presentation={presentError(failure)} onRetry={reload} className="m-5" />
  if (file === null) return <Skeleton className="m-5 h-40" />
  const draft = drafts.of(path)
  const isOvertaken = draft !== null && draft.digest !== file.digest
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-line border-b px-5 py-1.5">
        <Segmented<Shown> label="What is shown" value={shown} options={SHOWN} onChange={setShown} />
        <p className="min-w-0 flex-1 truncate text-sm text-warn" role="status">
          {isOvertaken ? 'The file has changed since you started editing.' : ''}
        </p>
        <Button size="small" disabled={draft === null} onClick={() => drafts.set(path, null)}>
          Discard
        </Button>
        <Button size="small" variant="primary" disabled={draft === null} onClick={save}>
          Save
        </Button>
      </div>
      {shown === 'text' ? (
        <Later
          key="text"
          code={codeEditor}
          props={{
            label: `Text of ${path}`,
            path,
            text: draft?.text ?? file.text,
            onChange: (text: string) => change(file, text),
            onSave: save,
            check: isTemplate ? check : undefined,
          }}
        />
      ) : (
        <Later key="diff" code={diffOfFile} props={{ path }} />
      )}
      {shown === 'text' && draft !== null && typedProblems.length > 0 && (
        <ul
          aria-label="Problems of the text"
          className="max-h-20 shrink-0 overflow-y-auto border-line border-t px-5 py-1.5 text-sm text-warn"
        >
          {typedProblems.map((problem) => (
            <li key={`${problem.path} ${problem.line} ${problem.message}`} className="break-words">
              <ForeignText text={placed(problem)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )

  function change({ text: saved, digest }: LibraryFile, text: string): void {
    const before = drafts.of(path)
    // Typed back to what it was: there is nothing to save.
    drafts.set(path, text === saved ? null : { text, digest: before?.digest ?? digest })
  }

  async function check(text: string): Promise<readonly EntryProblem[]> {
    try {
      const problems = await client.library.check({ text })
      setTypedProblems(problems)
      return problems
    } catch (error) {
      // Without a connection nothing is known of the text; the page says so itself.
      reportError(error)
      return []
    }
  }

  function save(): void {
    const typed = drafts.of(path)
    if (typed === null) return
    client.library.writeFile({ path, ...typed }).then(
      (written) => {
        put(written)
        drafts.set(path, null)
      },
      (error: unknown) => reportError(error, save),
    )
  }
}
