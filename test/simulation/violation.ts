/** An invariant that does not hold; by its letter, `internal` for an error that has no type. */
export class Violation extends Error {
  constructor(
    readonly invariant: 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'internal',
    message: string,
  ) {
    super(`(${invariant}) ${message}`)
  }
}
