import { visibleText } from '../../shared/visible-text'

/**
 * Text that Berth did not write: a label, a process, a message of another program. Its direction ends with it, and characters that would
 * change how it or its surroundings look are shown by their number.
 */
export function ForeignText({ text }: { text: string }) {
  return <bdi>{visibleText(text)}</bdi>
}
