import type { LogLine } from './log-buffer'

/** As it is read on the screen: without escape sequences, with times if wanted. */
export function logText(lines: readonly LogLine[], withTime: boolean): string {
  return lines.map(({ time, text }) => (withTime && time !== null ? `${time} ${text}\n` : `${text}\n`)).join('')
}

/** Hands the browser a file to save. */
export function saveLog(workspaceName: string, lines: readonly LogLine[], withTime: boolean): void {
  const address = URL.createObjectURL(new Blob([logText(lines, withTime)], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${workspaceName}.log`
  link.click()
  // The download has its own hold on the file from here on.
  setTimeout(() => URL.revokeObjectURL(address))
}
