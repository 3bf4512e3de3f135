import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { WorkspaceDraft } from '../../store/dialogs'
import { useSettings, useTemplates, useWorkspaces } from '../../store/store'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, Select, TextArea, TextInput } from '../../ui/field'
import { More } from '../../ui/more'
import { type DraftProblems, draftProblems } from '../../workspace-model/workspaces/parse-draft'
import { createWorkspace } from '../../workspace-model/workspaces/workspace-actions'

interface NewWorkspaceDialogProps {
  draft: WorkspaceDraft
  focus: 'name' | 'repo' | 'image'
  onClose(): void
}

/** Only the name is asked. It closes at once; the workspace's row shows how it goes. */
export function NewWorkspaceDialog({ draft: initial, focus, onClose }: NewWorkspaceDialogProps) {
  const [draft, setDraft] = useState(initial)
  const [touched, setTouched] = useState<ReadonlySet<keyof WorkspaceDraft>>(() => filledFields(initial))
  const [showsMore, setShowsMore] = useState(focus !== 'name' || hasMore(initial))
  const nameInput = useRef<HTMLInputElement>(null)
  const defaultImage = useSettings()?.image ?? 'Berth’s own'
  const names = useWorkspaces().map(({ name }) => name)
  const templates = useTemplates()
  const template = templates.find(({ id }) => id === draft.template)
  const problems = draftProblems(draft, (name) => names.includes(name))
  const isReady = Object.values(problems).every((problem) => problem === null)

  const change = (field: keyof WorkspaceDraft) => (event: { target: { value: string } }) => {
    setDraft({ ...draft, [field]: event.target.value })
    setTouched(new Set([...touched, field]))
  }
  /** An untouched field is not found fault with. */
  const shown = (field: keyof DraftProblems) => (touched.has(field) ? problems[field] : null)

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (isReady) {
      onClose()
      createWorkspace(draft)
      return
    }
    setTouched(new Set(['name', 'label', 'repo', 'image', 'env']))
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
        template === undefined
          ? 'A machine of its own, with Docker inside. Its files stay when it stops.'
          : 'A clone of the template: its files, what is installed, and Docker inside.'
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
          <More open={showsMore} onOpenChange={setShowsMore}>
            {templates.length > 0 && (
              <Field label="Template" hint={template ? 'Its files, repository and image.' : 'A clone of one instead of an empty machine'}>
                {(control) => (
                  <Select {...control} value={draft.template} onChange={change('template')}>
                    <option value="">None</option>
                    {templates.map(({ id, name, label }) => (
                      <option key={id} value={id}>
                        {label === null ? name : `${name} · ${label}`}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            )}
            {template === undefined && (
              <Field label="Repository" hint="Cloned into /home/workspace/repo" problem={shown('repo')}>
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
            <Field label="Label" hint="Free text, shown beside the name" problem={shown('label')}>
              {(control) => <TextInput {...control} value={draft.label} onChange={change('label')} />}
            </Field>
            {template === undefined && (
              <Field label="Image" problem={shown('image')}>
                {(control) => (
                  <TextInput
                    {...control}
                    mono
                    autoFocus={focus === 'image'}
                    placeholder={defaultImage}
                    value={draft.image}
                    onChange={change('image')}
                  />
                )}
              </Field>
            )}
            <Field
              label="Environment"
              hint={template === undefined ? 'One KEY=VALUE a line' : 'One KEY=VALUE a line, over the template’s'}
              problem={shown('env')}
            >
              {(control) => <TextArea {...control} rows={3} value={draft.env} onChange={change('env')} onKeyDown={submitFromLines} />}
            </Field>
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

function filledFields(draft: WorkspaceDraft): ReadonlySet<keyof WorkspaceDraft> {
  const fields: (keyof WorkspaceDraft)[] = ['name', 'label', 'repo', 'image', 'env']
  return new Set(fields.filter((field) => draft[field] !== ''))
}

function hasMore({ label, repo, image, env, template }: WorkspaceDraft): boolean {
  return [label, repo, image, env, template].some((value) => value !== '')
}
