import { entryNameProblem } from '../../../shared/library/entry-name'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { go, routes } from '../../routes'
import { showNotice } from '../../ui/notice'
import { TextDialog } from '../../ui/text-dialog'
import { reportError } from '../../workspace-model/problems/run-suggested-action'

/** Asks for a name, and writes the configuration of a workspace as a template of the library. */
export function SaveTemplateDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const save = (id: string) => {
    client.library.saveTemplate({ workspace: workspace.id, id }).then(
      ({ leftOut }) =>
        showNotice({
          tone: 'good',
          title: `Saved as the template ${id}`,
          ...(leftOut.length === 0 ? {} : { message: `Left out because their values are secret: ${leftOut.join(', ')}.` }),
          actions: [{ label: 'Show the library', run: () => go(routes.library) }],
        }),
      (error: unknown) => reportError(error, () => save(id)),
    )
  }
  return (
    <TextDialog
      title={`Save ${workspace.name} as a template`}
      description="Saves its settings to the library. Values of variables are secret and are left out."
      label="Name"
      hint="Letters, digits, dots, dashes and underscores"
      initial={workspace.name}
      mono
      check={entryNameProblem}
      action="Save"
      onSubmit={save}
      onClose={onClose}
    />
  )
}
