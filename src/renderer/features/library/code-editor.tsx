import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, linter, lintKeymap } from '@codemirror/lint'
import { searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { EntryProblem } from '../../../shared/contract/library'
import { codeTheme, languageOf } from './code-theme'

const CHECK_MS = 300

interface CodeEditorProps {
  label: string
  /** Decides how it is coloured. */
  path: string
  text: string
  onChange(text: string): void
  onSave(): void
  /** What is wrong with the text; asked while it is typed. */
  check?: ((text: string) => Promise<readonly EntryProblem[]>) | undefined
}

/** A text with colours, and with what is wrong at its line. Tab moves the focus on, as everywhere. */
export function CodeEditor({ label, path, text, onChange, onSave, check }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, onSave, check })
  latest.current = { onChange, onSave, check }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text comes by the other effect
  useEffect(() => {
    if (!place.current) return
    const save = () => {
      latest.current.onSave()
      return true
    }
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          keymap.of([
            { key: 'Mod-s', run: save, preventDefault: true },
            ...lintKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          languageOf(path),
          codeTheme,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
          linter(
            async ({ state }) => (await latest.current.check?.(state.doc.toString()))?.map((problem) => diagnostic(state, problem)) ?? [],
            {
              delay: CHECK_MS,
            },
          ),
        ],
      }),
    })
    view.current = editor
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [path, label])

  useEffect(() => {
    const editor = view.current
    const current = editor?.state.doc.toString()
    // What was typed is known already; anything else came from the disk.
    if (editor && current !== text) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])

  return <div ref={place} className="min-h-0 flex-1 overflow-hidden" />
}

function diagnostic({ doc }: EditorState, { message, line, column }: EntryProblem): Diagnostic {
  const found = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines))
  const from = Math.min(found.from + Math.max((column ?? 1) - 1, 0), found.to)
  return { from, to: Math.max(found.to, from), severity: 'error', message }
}
