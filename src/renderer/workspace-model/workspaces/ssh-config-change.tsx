import type { SshConfigStatus } from '../../../shared/contract/ssh-config'

/** What Berth would change in the user's ssh config, or why it cannot: the file is the user's own. */
export function SshConfigChange({ config }: { config: SshConfigStatus }) {
  const { obstacle, userFile, line } = config
  if (obstacle !== null)
    return (
      <p role="alert" className="break-words text-bad">
        {obstacle}
      </p>
    )
  return (
    <>
      <p>
        One line is put at the top of <code className="break-all">{userFile}</code>, and nothing else is changed in it:
      </p>
      <code className="break-all rounded-md bg-sunken px-2.5 py-1.5">{line}</code>
      <p className="text-ink-muted">
        A backup of the file is kept beside it. Host keys are already known, so ssh does not ask about them. You can remove the line in the
        settings.
      </p>
    </>
  )
}
