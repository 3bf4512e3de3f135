import { create } from 'zustand'

/** What a person has typed into New workspace, as typed. */
export interface WorkspaceDraft {
  name: string
  label: string
  repo: string
  image: string
  /** KEY=VALUE lines. */
  env: string
}

export const emptyDraft: WorkspaceDraft = { name: '', label: '', repo: '', image: '', env: '' }

/** The one dialog that is open over the screens. */
export type OpenDialog =
  | { kind: 'new-workspace'; draft: WorkspaceDraft; focus: 'name' | 'repo' | 'image' }
  | { kind: 'delete-workspace'; workspaceId: string }
  | { kind: 'log'; title: string; lines: string[] }
  | { kind: 'palette' }
  | { kind: 'shortcuts' }

export const useDialogs = create<{ open: OpenDialog | null }>(() => ({ open: null }))

export function openDialog(open: OpenDialog): void {
  useDialogs.setState({ open })
}

export function closeDialog(): void {
  useDialogs.setState({ open: null })
}

/** New workspace, with what is already known of it. */
export function openNewWorkspace(draft: Partial<WorkspaceDraft> = {}, focus: 'name' | 'repo' | 'image' = 'name'): void {
  openDialog({ kind: 'new-workspace', draft: { ...emptyDraft, ...draft }, focus })
}
