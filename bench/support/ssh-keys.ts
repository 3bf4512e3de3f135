import pty from 'node-pty'
import { INSIDE } from './bench-workspace'

export interface SshKeys {
  /** Milliseconds from a key to its answer. */
  press(key: string): Promise<number>
  close(): void
}

/** The same program as in the page, over the system's `ssh` in a terminal. */
export async function openSshKeys(port: number, keyPath: string): Promise<SshKeys> {
  const quiet = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'IdentitiesOnly=yes', 'LogLevel=ERROR'].flatMap((option) => [
    '-o',
    option,
  ])
  const child = pty.spawn('ssh', ['-tt', ...quiet, '-i', keyPath, '-p', String(port), 'workspace@127.0.0.1', `${INSIDE}/echo`], {
    cols: 80,
    rows: 24,
  })
  let onText: (text: string) => void = () => {}
  child.onData((text) => onText(text))
  const until = (mark: string) =>
    new Promise<void>((resolve) => {
      onText = (text) => text.includes(mark) && resolve()
    })
  await until('ready')
  return {
    async press(key) {
      const answered = until('\x07')
      const begin = performance.now()
      child.write(key)
      await answered
      return performance.now() - begin
    },
    close: () => child.kill(),
  }
}
