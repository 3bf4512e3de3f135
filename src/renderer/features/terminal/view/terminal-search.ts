import { type ISearchOptions, SearchAddon } from '@xterm/addon-search'
import type { Terminal } from '@xterm/xterm'

export interface SearchQuery {
  text: string
  regex: boolean
  matchCase: boolean
}

/** `position` (from 1) is null while there are more matches than are counted, or none. */
export interface SearchResult {
  count: number
  position: number | null
  /** Why the text is no regular expression. */
  problem: string | null
}

export interface TerminalSearch {
  /** To the next match, the previous one, or, while it is typed, the last. */
  find(query: SearchQuery, way: 'next' | 'previous' | 'typing'): void
  /** Takes the marks away. */
  end(): void
}

/** More matches than this are not marked one by one. */
export const MOST_MATCHES = 1000

const NOTHING: SearchResult = { count: 0, position: null, problem: null }

/** Search in the screen and what is above it. */
export function createTerminalSearch(terminal: Terminal, onResult: (result: SearchResult) => void): TerminalSearch {
  const addon = new SearchAddon({ highlightLimit: MOST_MATCHES })
  terminal.loadAddon(addon)
  addon.onDidChangeResults(({ resultIndex, resultCount }) =>
    onResult({ count: resultCount, position: resultIndex < 0 ? null : resultIndex + 1, problem: null }),
  )
  return {
    find({ text, regex, matchCase }, way) {
      const problem = regex ? problemOf(text) : null
      if (text === '' || problem !== null) {
        addon.clearDecorations()
        onResult({ ...NOTHING, problem })
        return
      }
      const options: ISearchOptions = { regex, caseSensitive: matchCase, decorations: readMarks() }
      // What came last is what is looked for most: a new search begins at the end.
      if (way === 'typing') {
        // The addon does not see by itself that only the case or the kind of the search has changed.
        addon.clearDecorations()
        terminal.clearSelection()
      }
      if (way === 'next') addon.findNext(text, options)
      else addon.findPrevious(text, options)
    },
    end() {
      addon.clearDecorations()
      terminal.clearSelection()
    },
  }
}

function problemOf(pattern: string): string | null {
  try {
    new RegExp(pattern)
    return null
  } catch (error) {
    if (error instanceof SyntaxError) return 'Not a regular expression'
    throw error
  }
}

function readMarks(): NonNullable<ISearchOptions['decorations']> {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(`--terminal-${name}`).trim()
  return {
    matchBackground: token('match'),
    matchOverviewRuler: token('match'),
    activeMatchBackground: token('match-active'),
    activeMatchBorder: token('cursor'),
    activeMatchColorOverviewRuler: token('cursor'),
  }
}
