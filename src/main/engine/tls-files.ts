import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing } from '../../shared/file-error-code'

/** What a folder for TLS holds, with Docker's names: who signs the engine's certificate, and Berth's own certificate and key. */
export const TLS_FILES = ['ca.pem', 'cert.pem', 'key.pem'] as const
export type TlsFile = (typeof TLS_FILES)[number]

/** How an engine is spoken to over TLS. */
export interface EndpointTls {
  folder: string
  /** Those of the folder's files that are used. One that is missing is an error, never a reason to do without TLS. */
  files: readonly TlsFile[]
  /** Whether the engine's certificate is checked. */
  verifies: boolean
}

interface TlsMaterial {
  ca: Buffer | undefined
  cert: Buffer | undefined
  key: Buffer | undefined
}

/** Throws what a person can understand when a file is missing or cannot be read. */
export function readTlsFiles({ folder, files }: EndpointTls): TlsMaterial {
  const read = (file: TlsFile) => {
    if (!files.includes(file)) return undefined
    const path = join(folder, file)
    try {
      return readFileSync(path)
    } catch (error) {
      const reason = isMissing(error) ? 'the file does not exist' : error instanceof Error ? error.message : String(error)
      throw new Error(`TLS needs ${path}: ${reason}`, { cause: error })
    }
  }
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
}
