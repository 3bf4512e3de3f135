import { z } from 'zod'
import { problemSchema } from './error-definitions'
import { OPERATION_KINDS } from './operation-kinds'
import { timestampSchema } from './workspace'

export const operationKindSchema = z.enum(OPERATION_KINDS)

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
  /** Why there was nothing to do, of a step that was skipped by design; null for others. */
  skipped: z.string().max(500).nullable().default(null),
})
export type OperationStep = z.infer<typeof operationStepSchema>

export const waitingSchema = z.object({
  /** The engine is away, a disk is full, or it failed otherwise; `decision`: it cannot go on by itself. */
  for: z.enum(['engine', 'disk', 'retry', 'decision']),
  /** What is in the way. */
  problem: problemSchema,
  /** How often it has failed there. */
  attempts: z.number().int().nonnegative(),
  /** When it is tried again by itself; null for never. */
  retryAt: timestampSchema.nullable(),
})

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
  /**
   * The change stands, whatever comes: its commit step has begun. One that ended as failed or cancelled and is not committed left everything
   * as it was; one that is committed made its change, and only what was to follow it (a clone of the repository, a start) is missing.
   */
  committed: z.boolean().default(false),
  /** Why it is blocked at the moment, to be retried automatically or at once by a retry; null while it continues or has ended. */
  waiting: waitingSchema.nullable().default(null),
  /** It failed several times to continue or to be undone, or cannot be continued: a person can accept the current state, which ends it. */
  needsDecision: z.boolean().default(false),
  /** A person ended it as it was: neither is the change whole nor all taken back. What it left is in its notices. */
  accepted: z.boolean().default(false),
  startedAt: timestampSchema,
  endedAt: timestampSchema.nullable(),
  /** What a person should know of how it went although it succeeded: “Port 2201 was taken; now on 2203.” */
  notices: z.array(z.string().max(1000)).max(16),
  error: problemSchema.nullable(),
})
export type Operation = z.infer<typeof operationSchema>
