import { NOT_A_SIZE, parseSize } from '../../shared/byte-size'
import { usageError } from '../cli-error'

/** “50G” as bytes, as `parseSize` has it: units are powers of 1024. Throws a usage error for anything else. */
export function givenSize(text: string): number {
  const bytes = parseSize(text)
  if (bytes === null) throw usageError(`“${text}” is not a size.`, NOT_A_SIZE)
  return bytes
}
