import type { OperationKind, Progress } from '../../shared/operation'

/** What a step has at hand while it runs. */
export interface StepContext<Input> {
  input: Input
  /** Aborted when the operation is cancelled. */
  signal: AbortSignal
  progress(progress: Progress | null): void
  /** The last thing it said, for whoever looks. */
  detail(text: string): void
  /** There was nothing to do, and the step is shown so. */
  skip(): void
  /** Something a person should know of although all went well. Kept with the operation. */
  notice(text: string): void
}

/** One step. It may be run again after a crash, so running it twice must be as good as once. */
export interface Step<Input> {
  name: string
  /** In words for a person: “Create home volume”. */
  title: string
  run(context: StepContext<Input>): Promise<void>
  /**
   * Takes back what `run` may have done: all, a part or nothing. Finds what to take back by the input alone. Running it twice
   * is as good as once.
   */
  undo?(input: Input): Promise<void>
}

/**
 * A change of more than one step. A failure, a cancel or a crash before `commitStep` has begun takes back the steps that
 * had begun, last first. From `commitStep` on nothing is taken back: after a crash the operation goes on where it was.
 * Input is written to the journal as JSON.
 */
export interface OperationDefinition<Input> {
  kind: OperationKind
  steps: Step<Input>[]
  /** Name of the step from which on there is no way back; null if all can be taken back. */
  commitStep: string | null
  cancellable: boolean
}
