import type { TerminalSession } from '../../../../shared/contract/terminals'

export interface TitledSession {
  session: TerminalSession
  /** Short, and its own. */
  title: string
}

/** Which number a session has among those of its title; kept by the caller from one call to the next. */
export type TitleNumbers = Map<string, { title: string; number: number }>

/** Sessions with names that tell them apart: “bash”, “bash 2”. A number stays while its title does, whatever others do. */
export function titledSessions(sessions: readonly TerminalSession[], workspaceName: string, numbers: TitleNumbers): TitledSession[] {
  const titles = sessions.map((session) => shortTitle(session, workspaceName))
  for (const [index, { id }] of sessions.entries()) if (numbers.get(id)?.title !== titles[index]) numbers.delete(id)
  return sessions.map((session, index) => {
    const title = titles[index] ?? session.title
    const number = numbers.get(session.id)?.number ?? lowestFreeNumber(title, sessions, numbers)
    numbers.set(session.id, { title, number })
    return { session, title: number === 1 ? title : `${title} ${number}` }
  })
}

/** A name that a person gave; else the program's title. Shells say “user@host: folder”; whose terminal it is stands above it already. */
function shortTitle({ name, title, user, kind, container }: TerminalSession, workspaceName: string): string {
  if (name !== null) return name
  if (container !== null && kind === 'nested') return `${container.name}: ${title}`
  const known = `${user}@${container === null ? workspaceName : container.id.slice(0, 12)}: `
  return title.startsWith(known) && title.length > known.length ? title.slice(known.length) : title
}

function lowestFreeNumber(title: string, sessions: readonly TerminalSession[], numbers: TitleNumbers): number {
  const ofTitle = sessions.map(({ id }) => numbers.get(id)).filter((entry) => entry?.title === title)
  const taken = new Set(ofTitle.map((entry) => entry?.number))
  let number = 1
  while (taken.has(number)) number++
  return number
}
