import { useState } from 'react'
import type { EnvironmentPatch } from '../../../shared/environment'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { TextArea } from '../../ui/field'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { useTypedField } from '../../workspace-model/settings/use-typed-field'
import { formatEnvLines, parseEnvLines } from '../../workspace-model/workspaces/parse-draft'
import { keepWorkspace } from './keep-workspace'

/** Its variables, which can be changed. Values are masked until they are asked for: a screen is often shared. A mask that is left stays its value. */
export function EnvironmentRow({ workspace }: { workspace: Workspace }) {
  const [revealed, setRevealed] = useState<Record<string, string> | null>(null)
  const current = revealed ?? workspace.env
  const { problem, savedCount, control } = useTypedField<EnvironmentPatch>(
    formatEnvLines(current),
    (typed) => {
      const parsed = parseEnvLines(typed)
      return parsed.ok ? { problem: null, change: changeTo(current, parsed.env) } : { problem: parsed.problem, change: null }
    },
    async (env) => {
      const kept = await keepWorkspace({ workspace: workspace.id, env })
      // Values that somebody has asked for meanwhile stay in sight.
      if (kept.ok) setRevealed((shown) => (shown === revealed ? null : shown))
      return kept
    },
  )
  const reveal = () => {
    client.workspaces
      .environment({ workspace: workspace.id, reveal: true })
      .then(({ variables }) => setRevealed(variables))
      .catch((error: unknown) => reportError(error, reveal))
  }
  return (
    <SettingRow
      title="Environment"
      description="One variable per line. Changes apply to new commands, terminals, ssh logins and cron jobs."
      problem={problem}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => (
        <div className="flex flex-col items-start gap-1.5">
          <TextArea {...control} aria-labelledby={labelledBy} aria-describedby={describedBy} rows={3} placeholder="NAME=value" />
          {Object.keys(workspace.env).length > 0 && (
            <Button size="small" onClick={revealed === null ? reveal : () => setRevealed(null)}>
              {revealed === null ? 'Show values' : 'Hide values'}
            </Button>
          )}
        </div>
      )}
    </SettingRow>
  )
}

/** What makes `next` of the variables there are. */
function changeTo(current: Record<string, string>, next: Record<string, string>): EnvironmentPatch {
  const gone = Object.keys(current).filter((name) => !Object.hasOwn(next, name))
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...next }
}
