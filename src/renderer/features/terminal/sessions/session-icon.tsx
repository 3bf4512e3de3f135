import { CircleOff, CirclePause, Container, Hash, type LucideIcon, Network, SquareChevronRight, SquareTerminal } from 'lucide-react'
import type { SessionKind, TerminalSession } from '../../../../shared/contract/terminals'

export const KIND_ICONS: Record<SessionKind, LucideIcon> = {
  shell: SquareTerminal,
  root: Hash,
  nested: Container,
  command: SquareChevronRight,
  ssh: Network,
}

export function SessionIcon({ session }: { session: TerminalSession }) {
  const Icon = session.status === 'ended' ? CircleOff : session.status === 'waiting' ? CirclePause : iconOf(session)
  return <Icon aria-hidden className="size-3 shrink-0" />
}

function iconOf({ kind, container }: TerminalSession): LucideIcon {
  return container !== null && kind === 'shell' ? Container : KIND_ICONS[kind]
}
