import { open } from 'node:fs/promises'
import { release } from 'node:os'
import type { EngineView } from '../../../shared/contract/engines'
import type { Settings } from '../../../shared/contract/settings'
import type { SystemInfo } from '../../../shared/contract/system'
import { fileErrorCode } from '../../../shared/file-error-code'
import type { Finding } from '../../../shared/finding'
import type { Workspace } from '../../../shared/workspace'
import { problemReport } from './problem-report'

const LOG_LINES = 60
const LOG_BYTES = 64 * 1024

interface ProblemReportsOptions {
  info: SystemInfo
  /** Absolute path of this process's log. */
  logFile: string
  userHome: string
  engines(): readonly EngineView[]
  settings(): Settings
  workspaces(): readonly Workspace[]
  findings(): Promise<readonly Finding[]>
  /** Values of all variables of Berth and of its workspaces, logins and tokens: what must not be in a report. */
  secrets(): Promise<readonly string[]>
}

export interface ProblemReports {
  /** Markdown with places for what only a person knows; secrets that Berth knows are masked, names of workspaces and repositories left out. */
  create(): Promise<string>
}

/** What is to be sent with a report of a problem that is not one workspace's alone. */
export function createProblemReports(options: ProblemReportsOptions): ProblemReports {
  return {
    async create() {
      const [findings, secrets, log] = await Promise.all([options.findings(), options.secrets(), lastLines(options.logFile)])
      const { info, userHome } = options
      const parts = { engines: options.engines(), settings: options.settings(), workspaces: options.workspaces(), findings, log }
      return problemReport({ info, release: release(), ...parts }, secrets, userHome)
    },
  }
}

async function lastLines(file: string): Promise<string[]> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const length = Math.min(size, LOG_BYTES)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
      return lines.filter((line) => line !== '').slice(-LOG_LINES)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return ['There is none: this Berth writes to the terminal it was started in.']
    throw error
  }
}
