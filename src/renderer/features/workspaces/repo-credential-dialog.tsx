import { type FormEvent, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { Field, TextInput } from '../../ui/field'
import { cloneWithCredential } from '../../workspace-model/workspaces/workspace-actions'

/** Asks for what the server of the repository asks for. Closes at once; the workspace's row shows how the clone goes. */
export function RepoCredentialDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    onClose()
    cloneWithCredential(workspace, { username: username.trim(), password })
  }

  return (
    <Dialog open onClose={onClose} title={`Password for the repository of ${workspace.name}`} description={workspace.repo ?? ''}>
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-2">
          <Field label="User name">
            {(control) => <TextInput {...control} mono autoFocus value={username} onChange={(event) => setUsername(event.target.value)} />}
          </Field>
          <Field label="Password or token" hint="Stored encrypted. git in this workspace uses it for this host only">
            {(control) => (
              <TextInput
                {...control}
                mono
                type="password"
                autoComplete="new-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={username.trim() === '' && password === ''}>
            Clone
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
