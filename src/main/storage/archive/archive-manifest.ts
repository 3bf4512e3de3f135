import { z } from 'zod'
import type { ErrorData } from '../../../shared/error-definitions'
import { BerthError } from '../../../shared/errors'
import { timestampSchema } from '../../../shared/workspace'
import { archiveShape } from '../../../shared/workspace-configuration/configuration'

/** Of the file format. Raised with each field of the manifest that is new: a Berth that does not know it refuses the file. */
export const ARCHIVE_VERSION = 2
/** Version 1 had no limits. */
export const READABLE_VERSIONS: readonly unknown[] = [1, ARCHIVE_VERSION]

/** What is in an archive, in the order of the file: the image with the container's own layer, and the volumes. Each is a tar. */
export const archivePartNameSchema = z.enum(['image', 'home', 'docker'])
export type ArchivePartName = z.infer<typeof archivePartNameSchema>

/** More than any disk of a workspace: an archive that says so is not one. */
const MAX_PART_BYTES = 16 * 1024 ** 4
const MAX_PART_ENTRIES = 100_000_000

export const archivePartSchema = z.strictObject({
  name: archivePartNameSchema,
  /** Of the tar, and of the entries in it. */
  bytes: z.number().int().positive().max(MAX_PART_BYTES),
  entries: z.number().int().nonnegative().max(MAX_PART_ENTRIES),
  /** Of the part in the file, compressed; the checksum is of these. */
  storedBytes: z.number().int().positive().max(MAX_PART_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ArchivePart = z.infer<typeof archivePartSchema>

/** What an archive says of itself, at its beginning. */
export const archiveManifestSchema = z.strictObject({
  format: z.literal('berth-workspace'),
  version: z.union([z.literal(1), z.literal(ARCHIVE_VERSION)]),
  /** Of the export: tells whose an unfinished file is. */
  id: z.string().min(1).max(64),
  /** Of the Berth that wrote it. */
  berthVersion: z.string().max(64),
  createdAt: timestampSchema,
  /** As `uname -m` has it. */
  architecture: z.string().min(1).max(64),
  workspace: z.strictObject({
    name: z.string().max(63),
    ...archiveShape,
    repoState: z.enum(['none', 'pending', 'cloned', 'failed']),
    /** Names of the secrets that are not in the file: variables, and the credential of the repository. */
    leftOut: z.array(z.string().max(256)).max(1000).default([]),
    createdAt: timestampSchema,
  }),
  /** Of the image in the archive, on the engine it comes from. */
  imageId: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  parts: z.array(archivePartSchema).length(3),
})
export type ArchiveManifest = z.infer<typeof archiveManifestSchema>

/** What is known of an archive before it is written. */
export type ArchiveHead = Omit<ArchiveManifest, 'parts' | 'format' | 'version'>

/** Engines name the same machine differently. */
export function machineName(architecture: string): string {
  if (architecture === 'amd64') return 'x86_64'
  if (architecture === 'arm64') return 'aarch64'
  return architecture
}

/** The one place that says why an archive is refused. `what` is a whole sentence. */
export function archiveInvalid(file: string, reason: ErrorData<'ARCHIVE_INVALID'>['reason'], what: string, cause?: unknown): BerthError {
  return new BerthError('ARCHIVE_INVALID', `${file} cannot be imported. ${what}`, { file, reason, next: NEXT[reason] }, { cause })
}

const FROM_SOMEWHERE_ELSE = 'Berth does not write such files. Only use it if you know where it comes from.'

const NEXT: Record<ErrorData<'ARCHIVE_INVALID'>['reason'], string> = {
  format: 'Use a file that “berth export” has written.',
  version: 'Update Berth, then import it again.',
  truncated: 'Copy the file again, or export the workspace again.',
  tampered: 'Copy the file again, or export the workspace again.',
  architecture: 'Import it on an engine with the same architecture.',
  image: FROM_SOMEWHERE_ELSE,
  size: FROM_SOMEWHERE_ELSE,
  path: FROM_SOMEWHERE_ELSE,
  link: FROM_SOMEWHERE_ELSE,
  device:
    'An archive can only contain device files made by the nested Docker engine. Remove the others in the workspace, then export it again.',
  attribute: FROM_SOMEWHERE_ELSE,
}
