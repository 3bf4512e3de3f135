import { KeyRound } from 'lucide-react'
import { CopyButton } from '../ui/copy-button'
import { EmptyState } from '../ui/empty-state'

const COMMAND = 'bin/berth open'

const WORDS = {
  'no-token': { title: 'Open Berth with its link', text: 'This page needs the key in the link that Berth prints when it starts.' },
  'wrong-token': {
    title: 'This page’s key was rejected',
    text: 'The key stored in this browser does not match this Berth.',
  },
} as const

/** The page is not let in: how to get the link that is. */
export function RefusedScreen({ reason }: { reason: keyof typeof WORDS }) {
  const { title, text } = WORDS[reason]
  return (
    <main className="flex h-full flex-col">
      <EmptyState icon={KeyRound} title={title}>
        <p>{text} To get it, run this on the machine that Berth runs on:</p>
        <div className="flex items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-0.5 pl-3 text-ink">
          <code className="select-all">{COMMAND}</code>
          <CopyButton text={COMMAND} label="Copy command" />
        </div>
        <p>
          or take the URL with <code>#token=</code> that <code>script/start</code> printed. The key is kept in this browser, so it is asked
          once.
        </p>
      </EmptyState>
    </main>
  )
}
