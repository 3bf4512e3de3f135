import { useEffect, useEffectEvent } from 'react'
import { type TerminalCommand, takeTerminalCommands } from '../../../workspace-model/terminal/terminal-commands'
import type { Side } from '../panes/pane-tree'

interface CommandTargets {
  open(): void
  split(side: Side): void
  close(): void
  stepTab(way: 1 | -1): void
  moveFocus(side: Side): void
  search(): void
  zoom(step: 1 | -1 | 0): void
  leave(): void
}

/** Takes what shortcuts, menu and palette ask of the terminals, for as long as these are shown. */
export function useTerminalCommands(targets: CommandTargets): void {
  const run = useEffectEvent((command: TerminalCommand): void => {
    switch (command) {
      case 'new-session':
        return targets.open()
      case 'split-right':
        return targets.split('right')
      case 'split-down':
        return targets.split('down')
      case 'close':
        return targets.close()
      case 'previous-tab':
        return targets.stepTab(-1)
      case 'next-tab':
        return targets.stepTab(1)
      case 'focus-left':
        return targets.moveFocus('left')
      case 'focus-right':
        return targets.moveFocus('right')
      case 'focus-up':
        return targets.moveFocus('up')
      case 'focus-down':
        return targets.moveFocus('down')
      case 'search':
        return targets.search()
      case 'larger':
        return targets.zoom(1)
      case 'smaller':
        return targets.zoom(-1)
      case 'usual-size':
        return targets.zoom(0)
      case 'leave':
        return targets.leave()
      default:
        return command satisfies never
    }
  })
  useEffect(() => takeTerminalCommands((command) => run(command)), [])
}
