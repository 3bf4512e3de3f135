import { useState } from 'react'
import { showNotice } from '../../ui/notice'
import { reportError } from '../../workspace-model/problems/run-suggested-action'

/** Runs one change of the repository at a time, and tells when it fails, or with `done` when it has succeeded. */
export function useLibraryAction() {
  const [isRunning, setIsRunning] = useState(false)
  const run = <Result>(change: () => Promise<Result>, done?: (result: Result) => { title: string; message?: string } | null): void => {
    setIsRunning(true)
    change()
      .then((result) => {
        const notice = done?.(result) ?? null
        if (notice !== null) showNotice({ tone: 'good', ...notice })
      })
      .catch((error: unknown) => reportError(error, () => run(change, done)))
      .finally(() => setIsRunning(false))
  }
  return { run, isRunning }
}
