import { emptyDraft, type WorkspaceDraft } from '../../store/dialogs'

const kept = new Map<string, WorkspaceDraft>()

/** Until the page is left: a creation that fails later must not lose what was typed. */
export function keepDraft(draft: WorkspaceDraft): void {
  kept.set(draft.name.trim(), draft)
}

/** What was last typed for a workspace of this name; otherwise only the name. */
export function keptDraft(name: string): WorkspaceDraft {
  return kept.get(name) ?? { ...emptyDraft, name }
}
