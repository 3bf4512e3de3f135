import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { TextArea } from '../../ui/field'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { useTypedField } from '../../workspace-model/settings/use-typed-field'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { fieldProblem } from '../../workspace-model/workspaces/parse-draft'
import { rerunInit } from '../../workspace-model/workspaces/workspace-actions'
import { keepWorkspace } from './keep-workspace'
import { LinesRow } from './lines-row'

/** The scripts of a workspace: the one of its first start, and those of each start. */
export function ScriptRows({ workspace }: { workspace: Workspace }) {
  return (
    <>
      <InitScriptRow workspace={workspace} />
      <LinesRow
        workspace={workspace}
        name="postStart"
        description={`A file or folder of this machine on each line. They run at each start, as ${workspace.host === null ? 'the user “workspace”' : 'you'}.`}
        placeholder="~/start.d"
      />
    </>
  )
}

function describeInit({ initState, host }: Workspace): string {
  const once = `It runs once, as ${host === null ? 'root' : 'you'}, at the first start.`
  switch (initState) {
    case 'pending':
      return once
    case 'running':
      return 'It is running.'
    case 'failed':
      return 'It did not finish. It runs again at the next start.'
    case 'done':
      return `${once} Changes take effect the next time it runs.`
    default:
      return initState satisfies never
  }
}

function InitScriptRow({ workspace }: { workspace: Workspace }) {
  const { id } = workspace
  const { problem, savedCount, control } = useTypedField<string>(
    workspace.initScript ?? '',
    (typed) => {
      const problem = fieldProblem('initScript', typed)
      return { problem, change: problem === null ? typed : null }
    },
    (initScript) => keepWorkspace({ workspace: id, initScript }),
  )
  return (
    <SettingRow title="Init script" description={describeInit(workspace)} problem={problem} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <div className="flex flex-col items-start gap-1.5">
          <TextArea
            {...control}
            aria-labelledby={labelledBy}
            aria-describedby={describedBy}
            rows={6}
            placeholder={'apt-get update\napt-get install -y tree'}
          />
          <Button size="small" disabled={!workspace.running || isBusy(workspace)} onClick={() => rerunInit(workspace)}>
            Run again
          </Button>
        </div>
      )}
    </SettingRow>
  )
}
