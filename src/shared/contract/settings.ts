import { z } from 'zod'
import { imageReferenceSchema } from '../image-reference'
import { diskLimitSchema } from '../limits'
import { storageDriverSchema } from '../storage-driver-name'
import { environmentSchema, portSchema } from '../workspace'
import { MAX_NAME_LENGTH } from '../workspace-name'
import { procedure } from './base'

export const settingsSchema = z.object({
  /** Host ports for the workspaces' sshd, both ends included. */
  sshPorts: z
    .object({ from: portSchema.min(1024), to: portSchema.min(1024) })
    .refine(({ from, to }) => from <= to, 'The range ends before it starts.')
    .default({ from: 2200, to: 2400 }),
  /** Address the ssh ports are bound to. */
  sshAddress: z.enum(['127.0.0.1', '0.0.0.0']).default('127.0.0.1'),
  /** Engine endpoint (unix:///…, tcp://…, npipe://…); null to look for it as Docker's own tools do. */
  engineEndpoint: z.string().max(1024).nullable().default(null),
  /** Image for new workspaces; null for Berth's own. What a file holds is not refused here, but where the image is needed. */
  image: z.string().min(1).max(512).nullable().default(null),
  /** Environment of every workspace. */
  env: environmentSchema.default({}),
  stopWorkspacesOnQuit: z.boolean().default(false),
  /** Where the volumes of new workspaces are; the pool is made by `storage.enable`. */
  newWorkspaceStorage: storageDriverSchema.default('plain'),
  /** Bytes that all workspaces may take together, with layers and snapshots; null for no limit. Copies past it are refused. */
  totalDiskBytes: diskLimitSchema.nullable().default(null),
  /** Keep the state before a restore as an automatic snapshot. */
  snapshotBeforeRestore: z.boolean().default(true),
  /** Automatic snapshots kept of each workspace; the oldest go first. */
  automaticSnapshotsKept: z.number().int().min(0).max(100).default(3),
  /** What becomes of a port that begins to listen in a workspace: offered, or forwarded at once. */
  forwardPorts: z.enum(['ask', 'auto']).default('ask'),
  /** Groups of workspaces, by name, that reach each other; all others do not. */
  visibleWorkspaces: z
    .array(z.array(z.string().min(1).max(MAX_NAME_LENGTH)).min(2).max(50))
    .max(50)
    .default([]),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  terminalFontSize: z.number().int().min(8).max(32).default(13),
  /** As CSS takes it; null for Berth's own choice. */
  terminalFontFamily: z.string().min(1).max(256).nullable().default(null),
  /** Lines kept above the screen of each session, in the window and in the core. */
  terminalScrollback: z.number().int().min(0).max(100_000).default(10_000),
  terminalCopyOnSelect: z.boolean().default(false),
  terminalBell: z.enum(['visual', 'off']).default('visual'),
})
export type Settings = z.infer<typeof settingsSchema>

type Shape = typeof settingsSchema.shape
/** Each field as it is set: without its default, so that leaving one out leaves it as it was. */
type PatchShape = { [Key in keyof Shape]: ReturnType<Shape[Key]['unwrap']> }

const patchShape = Object.fromEntries(Object.entries(settingsSchema.shape).map(([key, field]) => [key, field.unwrap()])) as PatchShape

export const settingsPatchSchema = z
  // What is set anew is refused here.
  .object({ ...patchShape, image: imageReferenceSchema.nullable() })
  .partial()
  .strict()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

export const settings = {
  get: procedure.route({ method: 'GET', path: '/settings', tags: ['Settings'], summary: 'All settings' }).output(settingsSchema),
  update: procedure
    .route({ method: 'PATCH', path: '/settings', tags: ['Settings'], summary: 'Change some settings; the rest stay' })
    .input(settingsPatchSchema)
    .output(settingsSchema),
}
