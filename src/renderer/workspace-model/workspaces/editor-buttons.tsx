import { EDITOR_NAMES, EDITORS, editorLink } from '../../../shared/editor-link'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { openInEditor } from './ssh-actions'

/** The editors that can open the workspace where it lives. */
export function EditorButtons({ workspace }: { workspace: Workspace }) {
  return (
    <>
      <span className="mr-2 shrink-0 text-ink-muted">Open in</span>
      {EDITORS.filter((editor) => editorLink(editor, workspace) !== null).map((editor) => (
        <Button
          key={editor}
          variant="ghost"
          size="small"
          aria-label={`Open in ${EDITOR_NAMES[editor]}`}
          onClick={() => openInEditor(workspace, editor)}
        >
          {EDITOR_NAMES[editor]}
        </Button>
      ))}
    </>
  )
}
