import type { z } from 'zod'
import type { Progress } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'

/** What steps and undos both have at hand. */
export interface UndoContext {
  /** Put on what a step makes (`dev.berth.operation`), so that its undo finds it by that. */
  operationId: string
  /** What `remember` has kept in this operation, by this process or a former one; null for nothing. */
  recall(key: string): string | null
  /** Something a person should know of. Kept with the operation. */
  notice(text: string): void
}

/** What a step has at hand while it runs. */
export interface StepContext<Input> extends UndoContext {
  input: Input
  /** Aborted when the operation is cancelled. From the commit step on it never is, but for a step marked `followUp`. */
  signal: AbortSignal
  progress(progress: Progress | null): void
  /** The last thing it said, for whoever looks. */
  detail(text: string): void
  /** By design there is nothing to do here, for that reason. A step whose precondition does not hold throws instead. */
  skip(reason: string): void
  /** Keeps a value (an id, a name, how things were before) with the operation. Resolves when it is on the disk; throws DISK_FULL. */
  remember(key: string, value: string): Promise<void>
}

/** One step. It may be run again after a crash or a failure, so running it twice must be as good as once. */
export interface Step<Input> {
  name: string
  /** In words for a person: “Create home volume”. */
  title: string
  run(context: StepContext<Input>): Promise<void>
  /**
   * Undoes what `run` may have done: all, a part or nothing. Finds it by label and id: by the input, by the operation's label, by
   * remembered ids. Running it twice must be safe. If it fails, it is retried.
   */
  undo?(input: Input, context: UndoContext): Promise<void>
  /**
   * A step after the actual change that can fail for the user's own reasons (the repository cannot be cloned, the image does not start). It
   * is not retried, except when the engine went away, and can be cancelled: the operation then ends as failed or cancelled with `committed:
   * true`.
   */
  followUp?: boolean
  /** For a commit step that is done wholly or, when it throws, not at all: its failure is taken back like any before it. */
  atomic?: boolean
}

/** How an older Berth did the same kind of operation. */
export interface OlderVersion<Input> {
  version: number
  /** Names of its steps, in their order. */
  steps: readonly string[]
  commitStep: string | null
  /** Reads its input; left out when the present schema does. */
  input?: z.ZodType<Input>
  /** Steps of that version that there are no longer. */
  retired?: Step<Input>[]
}

/**
 * A change of more than one step. A failure, a cancel or a crash before `commitStep` has begun takes back the steps that had begun, last
 * first. From `commitStep` on the operation only goes forward: it is tried again until it succeeds, and can no longer be cancelled.
 */
export interface OperationDefinition<Input> {
  kind: OperationKind
  /** Raised with each change to the steps or the input. Older ones that it can still finish are in `older`. */
  version: number
  /** Input is written to the journal as JSON, and read by this. */
  input: z.ZodType<Input>
  steps: Step<Input>[]
  /** Name of the step after which the operation cannot be undone; null if it always can. */
  commitStep: string | null
  cancellable: boolean
  /** Ids of the places that it works in: it is taken up when one of them is there. Left out when it needs none. */
  placesOf?: (input: Input) => string[]
  older?: OlderVersion<Input>[]
}
