/** The lock on the home: a process that was killed has let go of it, and the simulation runs one at a time. */
export class DatabaseSync {
  exec(): void {}
  close(): void {}
}
