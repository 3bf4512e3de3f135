/** As electron-updater hands them on: HTML from GitHub, or text; of several versions, newest first. */
export type ReleaseNotes = string | { version: string; note: string | null }[] | null

/** More does not fit into a dialog. */
const MAX_LINES = 20
const MAX_CHARACTERS = 1500

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': '’', nbsp: ' ' }

/** The notes as a dialog of the system can show them: plain lines, and not too many. '' when there are none. */
export function plainNotes(notes: ReleaseNotes | undefined): string {
  if (notes === null || notes === undefined) return ''
  const text = typeof notes === 'string' ? notes : notes.map(({ version, note }) => `${version}\n${note ?? ''}`).join('\n\n')
  const lines = text
    .replace(/<li[^>]*>\s*/gi, '\n- ')
    .replace(/<(br|p|h[1-6]|ul|ol|div)\b[^>]*>/gi, '\n')
    .replace(/<\/(p|h[1-6]|ul|ol|div)>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&([a-z]+|#39);/gi, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
    .split('\n')
    .map((line) =>
      line
        .replace(/^#+\s+/, '')
        .replaceAll('**', '')
        .trim(),
    )
    .filter((line, index, all) => line !== '' || (index > 0 && all[index - 1] !== ''))
  const short = lines.slice(0, MAX_LINES).join('\n').trim()
  if (short.length <= MAX_CHARACTERS && lines.length <= MAX_LINES) return short
  return `${short.slice(0, MAX_CHARACTERS).trimEnd()}\n…`
}
