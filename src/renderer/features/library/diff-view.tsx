import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useCallback, useEffect, useRef } from 'react'
import { client } from '../../client'
import { useFromLibrary } from '../../workspace-model/library/use-library'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { codeLook } from './code-theme'

/** A file against the last commit. */
export function DiffOfFile({ path }: { path: string }) {
  const { value, failure, reload } = useFromLibrary(useCallback((signal) => client.library.diff({ path }, { signal }), [path]))
  if (failure !== null) return <ProblemPanel presentation={presentError(failure)} onRetry={reload} className="m-2" />
  if (value === null) return <p className="p-3 text-ink-muted">Comparing…</p>
  if (value.committed === value.current) return <p className="p-3 text-ink-muted">No changes since the last commit.</p>
  return <DiffView path={path} before={value.committed ?? ''} now={value.current ?? ''} />
}

interface DiffViewProps {
  path: string
  before: string
  now: string
}

/** Two texts as one, with what was taken away and what was added. */
function DiffView({ path, before, now }: DiffViewProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: now,
        extensions: [
          lineNumbers(),
          EditorView.lineWrapping,
          EditorState.readOnly.of(true),
          codeLook,
          EditorView.contentAttributes.of({ 'aria-label': `Changes of ${path}`, 'aria-readonly': 'true' }),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            syntaxHighlightDeletions: false,
            collapseUnchanged: { margin: 3, minSize: 6 },
          }),
        ],
      }),
    })
    return () => editor.destroy()
  }, [path, before, now])
  return <div ref={place} className="max-h-full min-h-0 flex-1 overflow-hidden" />
}
