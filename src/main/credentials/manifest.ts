import { z } from 'zod'
import { HOME_FOLDER, isWithin, normalizePath } from '../../shared/files/file-path'
import { parseJson } from '../../shared/parse-json'
import type { ContainerFile } from '../engine/containers'
import type { Engine } from '../engine/engine'

/**
 * Record of the sent files, kept inside the workspace where only root can write. It belongs to the disk, so that it is right after a
 * restore and in a clone, which a record in Berth would not be. It has digests and no contents.
 */
const MANIFEST_PATH = '/var/lib/berth/synced.json'
const MAX_BYTES = 64 * 1024 * 1024

const sentSchema = z.discriminatedUnion('kind', [
  /** `modified` in seconds, `digest` SHA-256 in hex. */
  z.object({ kind: z.literal('file'), mode: z.number(), modified: z.number(), digest: z.string(), stamp: z.string() }),
  z.object({ kind: z.literal('link'), target: z.string(), stamp: z.string() }),
  /** Made by Berth. */
  z.object({ kind: z.literal('folder') }),
])
export type Sent = z.infer<typeof sentSchema>

const manifestSchema = z.object({
  version: z.literal(1),
  entries: z.record(z.string(), sentSchema),
  /** git is told of the helper for these. */
  loginOrigins: z.array(z.string()).default([]),
})

export interface Manifest {
  entries: Map<string, Sent>
  loginOrigins: string[]
}

/** null if it is missing or was changed: then no file counts as Berth's. */
export async function readManifest(
  { containers }: Pick<Engine, 'containers'>,
  containerId: string,
  signal: AbortSignal,
): Promise<Manifest | null> {
  const file = await containers.readFile(containerId, MANIFEST_PATH, signal)
  if (file === null) return null
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of file) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) return null
    chunks.push(chunk)
  }
  const { data } = manifestSchema.safeParse(parseJson(Buffer.concat(chunks).toString('utf8')))
  if (data === undefined) return null
  // Root inside can write anything into it; Berth touches nothing outside the home folder whatever it says.
  const entries = Object.entries(data.entries).filter(([path]) => isPlaceInside(path))
  return { entries: new Map(entries), loginOrigins: data.loginOrigins }
}

/** Paths, below the home folder, of sent files that only their owner can read: keys, tokens, logins. */
export function privateFiles({ entries }: Manifest): string[] {
  const isPrivate = (sent: Sent) => sent.kind === 'file' && (sent.mode & 0o077) === 0
  return [...entries].filter(([, sent]) => isPrivate(sent)).map(([path]) => path.slice(HOME_FOLDER.length + 1))
}

export function manifestFile({ entries, loginOrigins }: Manifest): ContainerFile {
  const content = JSON.stringify({ version: 1, entries: Object.fromEntries(entries), loginOrigins } satisfies z.input<
    typeof manifestSchema
  >)
  return { path: MANIFEST_PATH, content, mode: 0o600, uid: 0, gid: 0 }
}

function isPlaceInside(path: string): boolean {
  return path !== HOME_FOLDER && isWithin(path, HOME_FOLDER) && normalizePath(path) === path && !path.includes('\0')
}
