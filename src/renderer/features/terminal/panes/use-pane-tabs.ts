import { useMemo, useRef, useState } from 'react'
import { sessionsOf, type TerminalTab } from '../../../../shared/terminal-layout'
import { client } from '../../../client'
import { useTerminalLayout } from '../../../store/store'
import { reportError } from '../../../workspace-model/problems/run-suggested-action'
import { changeTab, focusedIn, reconcile, type Tabs, tabOf } from './pane-tabs'
import { withShare } from './pane-tree'

const NO_TABS: Tabs = []

export interface PaneTabs {
  tabs: Tabs
  active: TerminalTab | undefined
  /** The session that has the keyboard, or gets it. */
  focusedId: string | undefined
  select(sessionId: string): void
  /** Changes tabs and splits, here at once and in Berth soon; `focus` is then the selected session. A session may be in it before the page hears of it. */
  arrange(change: (tabs: Tabs) => Tabs, focus?: string): void
  /** While a divider is dragged: shown, and not yet kept. */
  preview(path: readonly number[], index: number, share: number): void
  keepPreview(): void
}

interface Draft {
  tabs: Tabs
  /** null until Berth has taken it. */
  revision: number | null
}

/** Tabs and splits of a workspace's sessions, which Berth keeps; which of them is looked at is each window's own. */
export function usePaneTabs(workspaceId: string, sessionIds: readonly string[]): PaneTabs {
  const stored = useTerminalLayout(workspaceId)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [previewed, setPreviewed] = useState<Tabs | null>(null)
  const [selectedId, setSelectedId] = useState(() => {
    const tab = stored?.tabs.find(({ id }) => id === stored.activeTab)
    return tab && focusedIn(tab)
  })
  const latestPreview = useRef<Tabs | null>(null)
  const toSend = useRef<{ tabs: Tabs; activeTab: string | null } | null>(null)
  const isSending = useRef(false)

  const isDraftNewer = draft !== null && (draft.revision === null || draft.revision > (stored?.revision ?? 0))
  const base = previewed ?? (isDraftNewer ? draft.tabs : (stored?.tabs ?? NO_TABS))
  const idsKey = sessionIds.join(' ')
  const tabs = useMemo(() => reconcile(base, idsKey === '' ? [] : idsKey.split(' ')), [base, idsKey])
  // Sessions are opened meanwhile: what is arranged when they are there is what there is then.
  const latest = useRef(tabs)
  latest.current = tabs
  const active = (selectedId === undefined ? undefined : tabOf(tabs, selectedId)) ?? tabs.at(-1)
  const focusedId = active && (sessionsOf(active.root).find((id) => id === selectedId) ?? focusedIn(active))

  async function send(): Promise<void> {
    if (isSending.current) return
    isSending.current = true
    try {
      for (let next = toSend.current; next !== null; next = toSend.current) {
        toSend.current = null
        const { revision } = await client.terminals.layouts.set({
          workspace: workspaceId,
          tabs: [...next.tabs],
          activeTab: next.activeTab,
        })
        if (toSend.current === null) setDraft((own) => own && { ...own, revision })
      }
    } catch (error) {
      setDraft(null)
      reportError(error)
    } finally {
      isSending.current = false
    }
  }

  function keep(next: Tabs, selected: string | undefined): void {
    const tab = selected === undefined ? undefined : tabOf(next, selected)
    const kept = tab && selected !== undefined && tab.focused !== selected ? changeTab(next, tab.id, { focused: selected }) : next
    latest.current = kept
    setDraft({ tabs: kept, revision: null })
    latestPreview.current = null
    setPreviewed(null)
    toSend.current = { tabs: kept, activeTab: tab?.id ?? null }
    void send()
  }

  return {
    tabs,
    active,
    focusedId,
    select(sessionId) {
      if (sessionId === selectedId) return
      setSelectedId(sessionId)
      keep(latest.current, sessionId)
    },
    arrange(change, focus = focusedId) {
      setSelectedId(focus)
      keep(change(latest.current), focus)
    },
    preview(path, index, share) {
      if (!active) return
      latestPreview.current = changeTab(tabs, active.id, { root: withShare(active.root, path, index, share) })
      setPreviewed(latestPreview.current)
    },
    keepPreview() {
      if (latestPreview.current !== null) keep(latestPreview.current, focusedId)
    },
  }
}
