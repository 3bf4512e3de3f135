import type { Workspace } from '../../../shared/workspace'
import { type ChangeableField, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { TextArea } from '../../ui/field'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { useTypedField } from '../../workspace-model/settings/use-typed-field'
import { fieldProblem, typedLines } from '../../workspace-model/workspaces/parse-draft'
import { keepWorkspace } from './keep-workspace'

type LinesField = {
  [Name in ChangeableField]: (typeof WORKSPACE_FIELDS)[Name]['kind'] extends 'paths' | 'names' ? Name : never
}[ChangeableField]

interface LinesRowProps {
  workspace: Workspace
  name: LinesField
  description: string
  placeholder: string
}

/** Paths of this machine, or names of the library, that a workspace is configured with, one on each line. */
export function LinesRow({ workspace, name, description, placeholder }: LinesRowProps) {
  const { problem, savedCount, control } = useTypedField<string[]>(
    workspace[name].join('\n'),
    (typed) => {
      const problem = fieldProblem(name, typed)
      return { problem, change: problem === null ? typedLines(typed) : null }
    },
    (lines) => keepWorkspace({ workspace: workspace.id, [name]: lines }),
  )
  return (
    <SettingRow title={WORKSPACE_FIELDS[name].title} description={description} problem={problem} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <TextArea {...control} aria-labelledby={labelledBy} aria-describedby={describedBy} rows={2} placeholder={placeholder} />
      )}
    </SettingRow>
  )
}
