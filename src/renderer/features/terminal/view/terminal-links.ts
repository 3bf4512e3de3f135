import { WebLinksAddon } from '@xterm/addon-web-links'
import type { ILinkHandler, Terminal } from '@xterm/xterm'
import { isMac } from '../../../ui/platform'

/** Links open with Ctrl or ⌘ and a click, in a tab or browser of their own; while the pointer is on one, the element says how. */
export function linkHandler(host: HTMLElement): ILinkHandler {
  return {
    activate: openLink,
    hover: () => {
      host.title = isMac ? '⌘ and click to open' : 'Ctrl and click to open'
    },
    leave: () => host.removeAttribute('title'),
  }
}

/** Makes links of addresses in the text; those that a program marks as links come by the terminal's `linkHandler`. */
export function findLinks(terminal: Terminal, handler: ILinkHandler): void {
  const nowhere = { start: { x: 1, y: 1 }, end: { x: 1, y: 1 } }
  terminal.loadAddon(
    new WebLinksAddon(openLink, {
      hover: (event, text) => handler.hover?.(event, text, nowhere),
      leave: (event, text) => handler.leave?.(event, text, nowhere),
    }),
  )
}

function openLink(event: MouseEvent, address: string): void {
  if (!(isMac ? event.metaKey : event.ctrlKey)) return
  const { protocol } = new URL(address)
  if (protocol === 'https:' || protocol === 'http:') window.open(address, '_blank', 'noopener,noreferrer')
}
