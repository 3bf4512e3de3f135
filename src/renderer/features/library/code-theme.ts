import { json } from '@codemirror/lang-json'
import { markdown } from '@codemirror/lang-markdown'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The colours of terminals, which have the contrast that text needs in both themes. */
const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.keyword, tags.heading], color: 'var(--terminal-blue)' },
  { tag: [tags.string, tags.link, tags.url], color: 'var(--terminal-green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--terminal-magenta)' },
  { tag: [tags.comment, tags.meta, tags.processingInstruction, tags.quote], color: 'var(--ink-muted)' },
  { tag: tags.invalid, color: 'var(--bad)' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
])

/** How it looks besides the colours of the text, which tints behind it would take the contrast of. */
export const codeLook = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--canvas)', color: 'var(--ink)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-scroller': { boxShadow: 'inset 0 0 0 2px var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-faint)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--terminal-selection) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: '6px' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 12%, transparent) !important' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--bad) 12%, transparent) !important' },
  '.cm-deletedChunk .cm-deletedText, .cm-changedText': { background: 'color-mix(in srgb, var(--ink) 10%, transparent) !important' },
})

export const codeTheme = [codeLook, syntaxHighlighting(highlighting)]

/** By the name of a file. */
export function languageOf(path: string): Extension {
  if (path.endsWith('.json')) return json()
  return path.endsWith('.md') ? markdown() : []
}
