import { createOutputBuffer, type OutputBuffer, type OutputPart } from './output-buffer'
import type { SessionProcess } from './session-process'

/** The life of one process of a session, from its first output to its exit code. */
export interface ProcessRun {
  process: SessionProcess
  /** Its exit code, once all output was delivered. Rejects when the connection was lost. */
  ended: Promise<number>
  /** From now on the output is read; calling it again is fine. */
  read(): void
  /** Whatever it still says is not waited for; `ended` rejects if it has not settled. */
  cut(): void
  isCut(): boolean
}

interface ProcessRunOptions {
  /** Resolves when output may be delivered. */
  flows(): Promise<void>
  deliver(batch: OutputPart[]): void
}

export function createProcessRun(process: SessionProcess, { flows, deliver }: ProcessRunOptions): ProcessRun {
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>()
  let output: OutputBuffer | null = null
  let isCut = false

  async function pump(source: OutputBuffer): Promise<number> {
    for (;;) {
      await flows()
      const batch = await source.take()
      if (batch === null) return process.exitCode()
      await flows()
      if (!isCut) deliver(batch)
    }
  }

  return {
    process,
    ended,
    read() {
      if (output) return
      output = createOutputBuffer(process.stdout, process.stderr)
      pump(output).then(resolve, reject)
    },
    cut() {
      isCut = true
      process.destroy()
      output?.stop()
      reject(new Error('The output was cut off.'))
    },
    isCut: () => isCut,
  }
}
