import { Plus } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { LibraryEntry } from '../../../shared/contract/library'
import { libraryTemplate } from '../../../shared/library/template-reference'
import { FORM_FIELDS, type FormField, WORKSPACE_FIELDS, type WorkspaceField } from '../../../shared/workspace-configuration/fields'
import { client } from '../../client'
import type { WorkspaceDraft } from '../../store/dialogs'
import { useSettings, useSystem, useTemplates, useWorkspaces } from '../../store/store'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, Select, TextArea, TextInput } from '../../ui/field'
import { More } from '../../ui/more'
import { Segmented } from '../../ui/segmented'
import { EngineField } from '../../workspace-model/engine/engine-field'
import { DistroSelect } from '../../workspace-model/images/distro-select'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { createWorkspace } from '../../workspace-model/workspaces/create-workspace'
import { CredentialsSelect } from '../../workspace-model/workspaces/credentials-select'
import { DevcontainerSelect } from '../../workspace-model/workspaces/devcontainer-select'
import { type DraftProblems, draftProblems, isAsked } from '../../workspace-model/workspaces/parse-draft'

interface NewWorkspaceDialogProps {
  draft: WorkspaceDraft
  focus: 'name' | 'repo' | 'image'
  onClose(): void
}

/** Only the name is asked. It closes at once; the workspace's row shows how it goes. */
export function NewWorkspaceDialog({ draft: initial, focus, onClose }: NewWorkspaceDialogProps) {
  const [draft, setDraft] = useState(initial)
  const [touched, setTouched] = useState<ReadonlySet<keyof WorkspaceDraft>>(() => filledFields(initial))
  const [showsFurther, setShowsFurther] = useState(initial.furtherRepos !== '')
  const [showsMore, setShowsMore] = useState(focus !== 'name' || hasMore(initial))
  const nameInput = useRef<HTMLInputElement>(null)
  const defaultImage = useSettings()?.image ?? 'Berth’s image'
  const offersHost = useSystem()?.platform === 'linux'
  const names = useWorkspaces().map(({ name }) => name)
  const templates = useTemplates()
  const isHost = draft.place === 'host'
  const { value: library } = useFromLibrary(askIndex)
  const files = library?.entries.filter(({ kind }) => kind === 'template') ?? []
  const file = isHost ? undefined : files.find(({ id }) => libraryTemplate(id) === draft.template)
  const template = isHost ? undefined : templates.find(({ id }) => id === draft.template)
  const settings = useSettings()
  const mustConfirm = isHost && settings?.hostWorkspaces === false
  const problems = draftProblems(draft, (name) => names.includes(name))
  const isReady = Object.values(problems).every((problem) => problem === null) && (!mustConfirm || draft.confirmed === 'yes')

  const change = (field: keyof WorkspaceDraft) => (event: { target: { value: string } }) => {
    setDraft({ ...draft, [field]: event.target.value })
    setTouched(new Set([...touched, field]))
  }
  /** Problems show for touched fields only. */
  const shown = (field: keyof DraftProblems) => (touched.has(field) ? problems[field] : null)

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (isReady) {
      onClose()
      createWorkspace(draft)
      return
    }
    setTouched(new Set(TYPED_FIELDS))
    if (problems.name === null) setShowsMore(true)
    else nameInput.current?.focus()
  }
  /** Enter makes a new line there. */
  const submitFromLines = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={template === undefined ? 'New workspace' : `New workspace from ${template.name}`}
      description={
        isHost
          ? 'A folder on your machine with terminals, commands and scripts. It does not need Docker.'
          : template === undefined
            ? 'Its own machine, with Docker inside. Its files stay when it stops.'
            : 'A clone of the template: its files, installed software and Docker data.'
      }
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-2">
          <Field label="Name" hint="a-z, 0-9 and dashes" problem={shown('name')} keepsRoom>
            {(control) => (
              <TextInput
                {...control}
                ref={nameInput}
                mono
                autoFocus={focus === 'name'}
                value={draft.name}
                onFocus={(event) => event.currentTarget.select()}
                onChange={change('name')}
              />
            )}
          </Field>
          {offersHost && (
            <Segmented
              label="Where it lives"
              value={draft.place}
              options={PLACES}
              onChange={(place) => {
                setDraft({ ...draft, place })
                setTouched(new Set([...touched, 'place']))
              }}
            />
          )}
          {isHost && (
            <Field
              label="Folder"
              hint={`Of your machine; created if it is not there. Empty for one in ${settings?.hostFolder ?? '~/Berth'}`}
              problem={shown('hostFolder')}
            >
              {(control) => (
                <TextInput {...control} mono placeholder="~/projects/site" value={draft.hostFolder} onChange={change('hostFolder')} />
              )}
            </Field>
          )}
          {mustConfirm && (
            <Choice
              title="I understand that it is not isolated"
              description="Programs in it have all your rights: they can read and change all your files. Berth asks only once."
              checked={draft.confirmed === 'yes'}
              onChange={(isConfirmed) => setDraft({ ...draft, confirmed: isConfirmed ? 'yes' : '' })}
            />
          )}
          {!isHost && template === undefined && (
            <EngineField
              value={draft}
              problem={shown('constraints')}
              onChange={(placement) => {
                setDraft({ ...draft, ...placement })
                setTouched(new Set([...touched, ...(Object.keys(placement) as (keyof typeof placement)[])]))
              }}
            />
          )}
          <More open={showsMore} onOpenChange={setShowsMore}>
            {!isHost && (templates.length > 0 || files.length > 0) && (
              <Field label="Template" hint={templateHint(template !== undefined, file)}>
                {(control) => (
                  <Select {...control} value={draft.template} onChange={change('template')}>
                    <option value="">None</option>
                    {templates.map(({ id, name, label }) => (
                      <option key={id} value={id}>
                        {label === null ? name : `${name} · ${label}`}
                      </option>
                    ))}
                    {files.length > 0 && (
                      <optgroup label="Library">
                        {files.map(({ id, name, problems }) => (
                          <option key={id} value={libraryTemplate(id)} disabled={problems.length > 0}>
                            {name === id ? id : `${id} · ${name}`}
                          </option>
                        ))}
                      </optgroup>
                    )}
                  </Select>
                )}
              </Field>
            )}
            {template === undefined && (
              <Field
                label="Repository"
                hint="A URL, the address of a branch or pull request, owner/repo on GitHub, or a folder on this machine"
                problem={shown('repo')}
              >
                {(control) => (
                  <TextInput
                    {...control}
                    mono
                    autoFocus={focus === 'repo'}
                    placeholder="https://host/owner/repo.git"
                    value={draft.repo}
                    onChange={change('repo')}
                  />
                )}
              </Field>
            )}
            {template === undefined && !isHost && !showsFurther && (
              <Button size="small" icon={Plus} className="self-start" onClick={() => setShowsFurther(true)}>
                Add another repository
              </Button>
            )}
            {template === undefined && !isHost && showsFurther && (
              <Field
                label="Further repositories"
                hint="One on each line, with its branch as URL#BRANCH. Each gets a folder in the home folder"
                problem={shown('furtherRepos')}
              >
                {(control) => (
                  <TextArea
                    {...control}
                    rows={2}
                    autoFocus={draft.furtherRepos === ''}
                    placeholder="https://host/owner/other.git#develop"
                    value={draft.furtherRepos}
                    onChange={change('furtherRepos')}
                    onKeyDown={submitFromLines}
                  />
                )}
              </Field>
            )}
            {FORM_FIELDS.filter((name) => isAsked(name, draft)).map((name) => (
              <DraftField
                key={name}
                name={name}
                value={draft[name]}
                overTemplate={draft.template !== ''}
                problem={shown(name)}
                placeholder={name === 'image' ? defaultImage : undefined}
                autoFocus={focus === name}
                onChange={change(name)}
                onKeyDown={submitFromLines}
              />
            ))}
          </More>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!isReady && touched.size > 0}>
            Create
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

function templateHint(isWorkspace: boolean, file: LibraryEntry | undefined): string {
  if (isWorkspace) return 'Its files, repository and image.'
  if (file === undefined) return 'Start from a template instead of an empty machine'
  return file.description ?? 'Its values apply to the fields you leave empty.'
}

const askIndex = (signal: AbortSignal) => client.library.index(undefined, { signal })

interface DraftFieldProps {
  name: FormField
  value: string
  overTemplate: boolean
  problem: string | null
  placeholder: string | undefined
  autoFocus: boolean
  onChange(event: { target: { value: string } }): void
  onKeyDown(event: KeyboardEvent): void
}

/** A field of the configuration, as `WORKSPACE_FIELDS` describes it. */
function DraftField({ name, overTemplate, problem, onKeyDown, ...control }: DraftFieldProps) {
  const { title, kind, form } = WORKSPACE_FIELDS[name]
  const isOverTemplate = overTemplate && kind === 'variables'
  return (
    <Field label={title} hint={isOverTemplate ? `${form.hint}, over the template’s` : form.hint} problem={problem}>
      {(field) =>
        name === 'distro' ? (
          <DistroSelect {...field} {...control} none="Debian 13, or the image of the settings" />
        ) : name === 'credentials' ? (
          <CredentialsSelect
            {...field}
            {...control}
            value={control.value === '' && !overTemplate ? 'shared' : control.value}
            {...(overTemplate ? { none: 'As the template says' } : {})}
          />
        ) : name === 'devcontainer' ? (
          <DevcontainerSelect {...field} {...control} value={control.value === '' ? 'inherit' : control.value} />
        ) : MULTI_LINE.has(kind) ? (
          <TextArea {...field} {...control} rows={kind === 'paths' || kind === 'names' ? 2 : 3} onKeyDown={onKeyDown} />
        ) : (
          <TextInput {...field} {...control} mono={form.mono} />
        )
      }
    </Field>
  )
}

const PLACES = [
  { value: '', label: 'Container' },
  { value: 'host', label: 'Folder of this machine' },
] as const

const MULTI_LINE: ReadonlySet<WorkspaceField['kind']> = new Set(['variables', 'script', 'paths', 'names'])

const TYPED_FIELDS: readonly (keyof DraftProblems)[] = ['name', 'repo', 'furtherRepos', 'hostFolder', 'constraints', ...FORM_FIELDS]

function filledFields(draft: WorkspaceDraft): ReadonlySet<keyof WorkspaceDraft> {
  return new Set(TYPED_FIELDS.filter((field) => draft[field] !== ''))
}

function hasMore({
  name: _,
  place: _place,
  hostFolder: _folder,
  confirmed: _confirmed,
  engine: _engine,
  constraints: _constraints,
  ...more
}: WorkspaceDraft): boolean {
  return Object.values(more).some((value) => value !== '')
}
