import { z } from 'zod'
import { filePathSchema } from '../files/file-path'
import { timestampSchema, workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'

/** The most entries of a folder that are listed. */
export const MOST_LISTED = 10_000
/** The most that is read of a text, and the largest image, for a preview. */
export const PREVIEW_TEXT_BYTES = 256 * 1024
export const PREVIEW_IMAGE_BYTES = 8 * 1024 * 1024

/** `other` is a device, a pipe or a socket. */
const fileKindSchema = z.enum(['file', 'folder', 'link', 'other'])
export type FileKind = z.infer<typeof fileKindSchema>

const modeSchema = z.number().int().min(0).max(0o7777).describe('Permissions as a decimal number: 420 is 0644.')
const sizeSchema = z.number().int().nonnegative()

export const fileEntrySchema = z.object({
  name: z.string(),
  kind: fileKindSchema,
  /** For a link: its target as written, and what it leads to; null if nothing. */
  link: z.object({ target: z.string(), kind: fileKindSchema.nullable() }).nullable(),
  size: sizeSchema,
  mode: modeSchema,
  modifiedAt: timestampSchema,
  owner: z.string(),
})
export type FileEntry = z.infer<typeof fileEntrySchema>

export const fileListingSchema = z.object({
  path: z.string(),
  entries: z.array(fileEntrySchema).describe('In no particular order.'),
  truncated: z.boolean().describe(`Whether there are more than ${MOST_LISTED} entries.`),
  unnamed: z.number().int().nonnegative().describe('Number of entries left out because their names are not UTF-8.'),
})
export type FileListing = z.infer<typeof fileListingSchema>

export const fileInfoSchema = z.object({
  path: z.string().describe('Target of a link.'),
  kind: fileKindSchema.describe('`link` only for a broken link.'),
  size: sizeSchema,
  mode: modeSchema,
  modifiedAt: timestampSchema,
})
export type FileInfo = z.infer<typeof fileInfoSchema>

export const filePreviewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), size: sizeSchema, text: z.string(), truncated: z.boolean() }),
  z.object({ kind: z.literal('image'), size: sizeSchema, mediaType: z.string(), data: z.base64() }),
  z.object({ kind: z.literal('none'), size: sizeSchema, reason: z.enum(['binary', 'too-large', 'empty']) }),
])
export type FilePreview = z.infer<typeof filePreviewSchema>

const at = { workspace: workspaceReferenceSchema, path: filePathSchema }

/** What is to become of an upload. */
export const uploadSchema = z.object({
  ...at,
  size: sizeSchema.describe('Size in bytes; the upload must have exactly this size.'),
  mode: modeSchema.optional().describe('Default: the mode of the file it replaces, or 0644.'),
  modifiedAt: timestampSchema.optional(),
  replace: z.boolean().default(false).describe('Replace an existing file of that name.'),
})

/**
 * Files of a workspace. Their bytes travel on other ways: `GET` and `PUT` of `/workspaces/{workspace}/files/content` and `…/files/archive`
 * (`api/file-routes.ts`), a stream (`openUpload`), or an address that a browser saves from (`openDownload`).
 */
export const files = {
  list: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/files',
      tags: ['Files'],
      summary: 'List a folder; the workspace must be running',
    })
    .input(z.object(at))
    .output(fileListingSchema),
  stat: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/files/info',
      tags: ['Files'],
      summary: 'Get kind, size and mode of a file or folder',
    })
    .input(z.object(at))
    .output(fileInfoSchema),
  preview: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/files/preview',
      tags: ['Files'],
      summary: 'Preview a file: the beginning of a text, or an image',
    })
    .input(z.object(at))
    .output(filePreviewSchema),
  makeFolder: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/files/folders', tags: ['Files'], summary: 'Create a folder' })
    .input(z.object(at))
    .output(z.object({ path: z.string() })),
  rename: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/files/rename', tags: ['Files'], summary: 'Rename or move a file or folder' })
    .input(z.object({ ...at, newPath: filePathSchema }))
    .output(z.object({ path: z.string() })),
  delete: procedure
    .route({
      method: 'DELETE',
      path: '/workspaces/{workspace}/files',
      tags: ['Files'],
      summary: 'Delete a file, or a folder and everything in it',
    })
    .input(z.object(at))
    .output(z.object({ path: z.string() })),
  openUpload: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/files/uploads',
      tags: ['Files'],
      summary: 'Open an upload; send its bytes as stdin to /stream/{streamId}',
    })
    .input(uploadSchema)
    .output(z.object({ streamId: z.string() })),
  openDownload: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/files/downloads',
      tags: ['Files'],
      summary: 'Create a download address for a file, or for a folder as a tar; valid once, for 30 seconds, without a token',
    })
    .input(z.object(at))
    .output(z.object({ address: z.string() })),
}
