import { CLIPBOARD_ACCESS, type ClipboardAccess } from '../../../shared/clipboard-access'
import type { WorkspaceDevcontainerChoice } from '../../../shared/devcontainer-choice'
import type { Capability } from '../../../shared/place-capabilities'
import type { Workspace } from '../../../shared/workspace'
import { CHANGEABLE_FIELDS, type ChangeableField, type TextField, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { PlaceRow } from '../../features/storage/place-row'
import { EnvironmentRow } from '../../features/workspaces/environment-row'
import { keepWorkspace } from '../../features/workspaces/keep-workspace'
import { LimitRows } from '../../features/workspaces/limit-rows'
import { ScriptRows } from '../../features/workspaces/script-rows'
import { EntryRows, SyncRows } from '../../features/workspaces/sync-rows'
import { openDialog } from '../../store/dialogs'
import { useIsHeld } from '../../store/store'
import { Button } from '../../ui/button'
import { Select, TextInput } from '../../ui/field'
import { Toggle } from '../../ui/toggle'
import { SettingRow, SettingsSection } from '../../workspace-model/settings/setting-row'
import { useTypedField } from '../../workspace-model/settings/use-typed-field'
import { makeTemplate, setClipboardAccess, unsetTemplate } from '../../workspace-model/workspaces/copy-actions'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { setDevcontainerChoice } from '../../workspace-model/workspaces/devcontainer-actions'
import { DevcontainerSelect } from '../../workspace-model/workspaces/devcontainer-select'
import { fieldProblem } from '../../workspace-model/workspaces/parse-draft'

/** What can be changed of a workspace. Everything is kept as it is changed; there is no Save button. */
export function SettingsTab({ workspace }: { workspace: Workspace }) {
  const isHeld = useIsHeld(workspace.id)
  const isUnavailable = isBusy(workspace) || isHeld
  const can = (capability: Capability) => workspace.unavailable[capability] === undefined
  return (
    <div className="flex w-full max-w-230 flex-col gap-6 p-5">
      <SettingsSection id="workspace-identity" title="Name and use" isTarget={false}>
        <SettingRow
          title="Name"
          description={workspace.host === null ? 'Renaming keeps its data, port and snapshots.' : 'Its folder keeps its own name.'}
        >
          {() => (
            <div className="flex min-w-0 items-center gap-2">
              <code className="min-w-0 break-all">{workspace.name}</code>
              <Button
                size="small"
                disabled={isUnavailable}
                onClick={() => openDialog({ kind: 'rename-workspace', workspaceId: workspace.id })}
              >
                Rename…
              </Button>
            </div>
          )}
        </SettingRow>
        {CHANGEABLE_TEXT_FIELDS.map((name) => (
          <TextFieldRow key={name} workspace={workspace} name={name} />
        ))}
        {can('templates') && (
          <SettingRow title="Template" description="A template is not started. It is listed separately, for you to clone.">
            {() => (
              <Toggle
                label="Template"
                checked={workspace.template}
                disabled={isUnavailable}
                onChange={(isTemplate) => (isTemplate ? makeTemplate(workspace) : unsetTemplate(workspace))}
              />
            )}
          </SettingRow>
        )}
        {can('container') && <DevcontainerRow workspace={workspace} />}
        <ClipboardRow workspace={workspace} />
        <EnvironmentRow workspace={workspace} />
      </SettingsSection>
      <SettingsSection id="workspace-scripts" title="Scripts" isTarget={false}>
        <ScriptRows workspace={workspace} />
      </SettingsSection>
      {!can('sync') && (
        <SettingsSection id="workspace-entries" title="Skills and tools" isTarget={false}>
          <EntryRows workspace={workspace} />
        </SettingsSection>
      )}
      {can('sync') && (
        <SettingsSection id="workspace-sync" title="Files and credentials" isTarget={false}>
          <SyncRows workspace={workspace} />
        </SettingsSection>
      )}
      {can('limits') && (
        <SettingsSection id="workspace-limits" title="Limits" isTarget={false}>
          <p className="py-1 text-ink-muted">Takes effect at once, even while it is running. Leave empty for none.</p>
          <LimitRows workspace={workspace} />
        </SettingsSection>
      )}
      {can('storage') && (
        <SettingsSection id="workspace-storage" title="Storage" isTarget={false}>
          <PlaceRow workspace={workspace} />
        </SettingsSection>
      )}
      <SettingsSection id="workspace-deletion" title="Deletion" isTarget={false}>
        <SettingRow
          title="Delete this workspace"
          description={
            workspace.host === null
              ? 'With its data and snapshots. You see what will be lost first.'
              : 'Its folder is kept unless you choose otherwise.'
          }
        >
          {() => (
            <Button
              variant="danger"
              disabled={isUnavailable}
              onClick={() => openDialog({ kind: 'delete-workspace', workspaceId: workspace.id })}
            >
              Delete…
            </Button>
          )}
        </SettingRow>
      </SettingsSection>
    </div>
  )
}

const CLIPBOARD_WORDS: Record<ClipboardAccess, string> = { ask: 'Ask first', allow: 'Allow', never: 'Never' }

function DevcontainerRow({ workspace }: { workspace: Workspace }) {
  const { title, form } = WORKSPACE_FIELDS.devcontainer
  return (
    <SettingRow title={title} description={`${form.hint}.`}>
      {({ labelledBy, describedBy }) => (
        <DevcontainerSelect
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          value={workspace.devcontainer}
          onChange={(event) => setDevcontainerChoice(workspace, event.target.value as WorkspaceDevcontainerChoice)}
        />
      )}
    </SettingRow>
  )
}

function ClipboardRow({ workspace }: { workspace: Workspace }) {
  return (
    <SettingRow
      title={WORKSPACE_FIELDS.clipboard.title}
      description="Whether programs in its terminals may write to your clipboard. They can never read it."
    >
      {({ labelledBy, describedBy }) => (
        <Select
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          value={workspace.clipboard}
          onChange={(event) => setClipboardAccess(workspace, event.target.value as ClipboardAccess)}
        >
          {CLIPBOARD_ACCESS.map((access) => (
            <option key={access} value={access}>
              {CLIPBOARD_WORDS[access]}
            </option>
          ))}
        </Select>
      )}
    </SettingRow>
  )
}

type ChangeableTextField = Extract<TextField, ChangeableField>
const CHANGEABLE_TEXT_FIELDS = CHANGEABLE_FIELDS.filter((name): name is ChangeableTextField => WORKSPACE_FIELDS[name].kind === 'text')

/** A text of the configuration that can be changed, as `WORKSPACE_FIELDS` describes it. */
function TextFieldRow({ workspace, name }: { workspace: Workspace; name: ChangeableTextField }) {
  const { title, form } = WORKSPACE_FIELDS[name]
  const { problem, savedCount, control } = useTypedField<string>(
    workspace[name] ?? '',
    (typed) => {
      const problem = fieldProblem(name, typed)
      return { problem, change: problem === null ? typed.trim() : null }
    },
    (text) => keepWorkspace({ workspace: workspace.id, [name]: text }),
  )
  return (
    <SettingRow title={title} description={`${form.hint}. Empty for none.`} problem={problem} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <TextInput {...control} mono={form.mono} aria-labelledby={labelledBy} aria-describedby={describedBy} placeholder="none" />
      )}
    </SettingRow>
  )
}
