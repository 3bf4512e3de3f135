import { BookOpen } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../client'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { TextDialog } from '../../ui/text-dialog'
import { useLibraryAction } from './use-library-action'

/** Where there is no library yet: make one, or bring one. */
export function StartLibrary({ folder }: { folder: string }) {
  const [isAsking, setIsAsking] = useState(false)
  const { run, isRunning } = useLibraryAction()
  return (
    <EmptyState icon={BookOpen} title="No library yet">
      <p>
        Templates for new workspaces, and skills and tools for coding agents in them, in a folder under git:{' '}
        <code className="break-all">{folder}</code>
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="primary" disabled={isRunning} onClick={() => run(() => client.library.init())}>
          Create the starter library
        </Button>
        <Button disabled={isRunning} onClick={() => setIsAsking(true)}>
          Clone a library…
        </Button>
      </div>
      {isRunning && <p role="status">git is at work…</p>}
      {isAsking && (
        <TextDialog
          title="Clone a library"
          description="git uses your logins on this machine and never prompts. Templates decide what runs in your workspaces, so clone only from people you trust."
          label="Repository"
          hint="As you would pass it to git clone"
          initial=""
          mono
          check={(text) => (text === '' ? 'Enter the address of a repository.' : null)}
          action="Clone"
          onSubmit={(url) => run(() => client.library.clone({ url }))}
          onClose={() => setIsAsking(false)}
        />
      )}
    </EmptyState>
  )
}
