import { go, routes } from '../routes'
import { Button } from '../ui/button'
import { Dialog, DialogBody, DialogFooter } from '../ui/dialog'
import { Kbd } from '../ui/kbd'
import { TERMINAL_SHORTCUTS } from '../workspace-model/terminal/terminal-commands'
import { SHORTCUTS } from './keyboard'

const IN_THE_LIST = [
  { keys: '↑ ↓', title: 'Move' },
  { keys: 'Enter', title: 'Open' },
  { keys: 'Space', title: 'Start or stop' },
]

const ON_ITS_TABS = [
  { keys: 'Ctrl ← →', title: 'On a tab: move it' },
  { keys: 'F2', title: 'On a tab: rename it' },
  { keys: 'Delete', title: 'On a tab: close it' },
]

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" description="All of Berth’s shortcuts" descriptionHidden>
      <DialogBody className="flex flex-col gap-3">
        <ShortcutList shortcuts={SHORTCUTS} />
        <h3 className="border-line border-b pb-1 font-semibold">In the list of workspaces</h3>
        <ShortcutList shortcuts={IN_THE_LIST} />
        <h3 className="border-line border-b pb-1 font-semibold">In a terminal</h3>
        <ShortcutList shortcuts={TERMINAL_SHORTCUTS} />
        <ShortcutList shortcuts={ON_ITS_TABS} />
      </DialogBody>
      <DialogFooter>
        <Button
          variant="ghost"
          onClick={() => {
            onClose()
            go(routes.firstRun)
          }}
        >
          Get started
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

function ShortcutList({ shortcuts }: { shortcuts: readonly { keys: string; title: string }[] }) {
  return (
    <dl>
      {shortcuts.map(({ keys, title }) => (
        <div key={keys} className="flex h-7 items-center justify-between">
          <dt>{title}</dt>
          <dd>
            <Kbd keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
