import { z } from 'zod'
import { problemSchema } from './errors'
import { timestampSchema } from './workspace'

export const operationKindSchema = z.enum([
  'workspace.create',
  'workspace.start',
  'workspace.stop',
  'workspace.restart',
  'workspace.delete',
  'workspace.clone',
  'workspace.rename',
  'workspace.move',
  'workspace.export',
  'workspace.import',
  'workspace.adopt',
  'snapshot.create',
  'snapshot.restore',
  'snapshot.delete',
  'image.build',
  'storage.cleanup',
])
export type OperationKind = z.infer<typeof operationKindSchema>

export const progressSchema = z.object({
  done: z.number().nonnegative(),
  /** null while the end is not known. */
  total: z.number().nonnegative().nullable(),
  unit: z.enum(['bytes', 'percent', 'steps']),
})
export type Progress = z.infer<typeof progressSchema>

export const operationStepSchema = z.object({
  name: z.string(),
  /** What it does, in words for a person: “Create home volume”. */
  title: z.string(),
  status: z.enum(['pending', 'running', 'done', 'failed', 'skipped']),
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  progress: progressSchema.nullable(),
  /** The last thing it said (a line of a build, a phase of a clone). */
  detail: z.string().max(2000).nullable(),
})
export type OperationStep = z.infer<typeof operationStepSchema>

export const operationSchema = z.object({
  id: z.string(),
  kind: operationKindSchema,
  workspaceId: z.string().nullable(),
  workspaceName: z.string().nullable(),
  /** Others it needs to stay as they are, or (`exclusive`) changes too: the source of a clone. */
  involves: z
    .array(z.object({ workspaceId: z.string(), exclusive: z.boolean() }))
    .max(8)
    .default([]),
  /** `rolling-back`: its steps are being undone. */
  status: z.enum(['running', 'rolling-back', 'succeeded', 'failed', 'cancelled']),
  steps: z.array(operationStepSchema).max(64),
  cancellable: z.boolean(),
  startedAt: timestampSchema,
  endedAt: timestampSchema.nullable(),
  /** What a person should know of how it went although it succeeded: “Port 2201 was taken; now on 2203.” */
  notices: z.array(z.string().max(1000)).max(16),
  error: problemSchema.nullable(),
})
export type Operation = z.infer<typeof operationSchema>

/** True once the operation has ended, however. */
export function hasEnded(operation: Operation): boolean {
  return operation.endedAt !== null
}
