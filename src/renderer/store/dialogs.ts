import { create } from 'zustand'
import type { Editor } from '../../shared/editor-link'
import { FORM_FIELDS, type FormField } from '../../shared/workspace-configuration/fields'
import { freeNameFor } from './free-name'
import { findWorkspace, useStore } from './store'

/** What a person has typed into New workspace, as typed. Variables are KEY=VALUE lines. */
export interface WorkspaceDraft extends Record<FormField, string> {
  name: string
  repo: string
  /** One on each line. */
  furtherRepos: string
  /** Id of the template it is cloned from; empty for none. */
  template: string
  /** `host` for a folder of this machine, which is `hostFolder` or one that Berth creates; empty for a container. */
  place: '' | 'host'
  hostFolder: string
  /** `yes` once the person knows that it is not isolated. */
  confirmed: '' | 'yes'
  /** Name of the engine or Swarm that it is made on; empty for that of new workspaces. */
  engine: string
  /** What the node of a Swarm has to be like, with commas between; empty for nothing. */
  constraints: string
}

/** What a person has chosen in Clone. */
export interface CloneDraft {
  name: string
  stop: boolean
  start: boolean
  /** Name of the engine or Swarm to make it on; left out, the engine of the source. */
  engine?: string
  /** What the node of a Swarm has to be like, with commas between. */
  constraints?: string
}

export const emptyDraft: WorkspaceDraft = {
  ...(Object.fromEntries(FORM_FIELDS.map((name) => [name, ''])) as Record<FormField, string>),
  name: '',
  repo: '',
  furtherRepos: '',
  template: '',
  place: '',
  hostFolder: '',
  confirmed: '',
  engine: '',
  constraints: '',
}

/** What a person has chosen in Import. An empty name is the one the file has. */
export interface ImportDraft {
  file: string
  name: string
  start: boolean
  /** Name of the engine or Swarm that it is made on; empty for that of new workspaces. */
  engine: string
  /** What the node of a Swarm has to be like, with commas between; empty for nothing. */
  constraints: string
}

export const emptyImport: ImportDraft = { file: '', name: '', start: true, engine: '', constraints: '' }

/** The one dialog that is open over the screens. */
export type OpenDialog =
  | { kind: 'new-workspace'; draft: WorkspaceDraft; focus: 'name' | 'repo' | 'image' }
  | { kind: 'delete-workspace'; workspaceId: string }
  | { kind: 'clone-workspace'; workspaceId: string; draft?: CloneDraft }
  | { kind: 'rename-workspace'; workspaceId: string; name?: string }
  | { kind: 'label-workspace'; workspaceId: string }
  | { kind: 'make-template'; workspaceId: string }
  | { kind: 'save-template'; workspaceId: string }
  | { kind: 'apply-template'; workspaceId: string }
  | { kind: 'debug-workspace'; workspaceId: string }
  | { kind: 'export-workspace'; workspaceId: string; file?: string }
  | { kind: 'limit-workspace'; workspaceId: string }
  | { kind: 'repo-credential'; workspaceId: string }
  | { kind: 'rebuild-workspace'; workspaceId: string; image?: string }
  | { kind: 'move-workspace'; workspaceId: string }
  | { kind: 'relocate-workspace'; workspaceId: string }
  | { kind: 'import-workspace'; draft?: ImportDraft }
  | { kind: 'add-engine' }
  | { kind: 'use-swarm'; engine?: string }
  | { kind: 'edit-swarm'; swarmId: string }
  | { kind: 'install-ssh-config'; workspaceId: string; editor?: Editor }
  | { kind: 'adopt-workspace'; containerId: string }
  | { kind: 'restore-snapshot'; workspaceId: string; snapshotId: string }
  | { kind: 'restore-snapshot-as'; workspaceId: string; snapshotId: string; name?: string }
  | { kind: 'delete-snapshot'; workspaceId: string; snapshotId: string }
  | { kind: 'log'; title: string; lines: string[] }
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'problem-report' }

export const useDialogs = create<{ open: OpenDialog | null }>(() => ({ open: null }))

export function openDialog(open: OpenDialog): void {
  useDialogs.setState({ open })
}

export function closeDialog(): void {
  useDialogs.setState({ open: null })
}

/** New workspace as a clone of the template with that name or id, with a name that is free. */
export function openNewFromTemplate(reference: string): void {
  const state = useStore.getState()
  const template = findWorkspace(state, reference)
  if (template === undefined) return
  openNewWorkspace({ template: template.id, name: freeNameFor(template.name) })
}

/** New workspace, with what is already known of it. */
export function openNewWorkspace(draft: Partial<WorkspaceDraft> = {}, focus: 'name' | 'repo' | 'image' = 'name'): void {
  openDialog({ kind: 'new-workspace', draft: { ...emptyDraft, ...draft }, focus })
}
