/** Fonts of fixed width without ligatures that systems bring or people install. */
const KNOWN = [
  'Andale Mono',
  'Cascadia Mono',
  'Consolas',
  'Courier New',
  'DejaVu Sans Mono',
  'Fira Mono',
  'Hack',
  'IBM Plex Mono',
  'Inconsolata',
  'JetBrains Mono NL',
  'Liberation Mono',
  'Menlo',
  'Monaco',
  'Noto Sans Mono',
  'Roboto Mono',
  'SF Mono',
  'Source Code Pro',
  'Ubuntu Mono',
]

/** Wide and narrow letters differ between fonts; two fallbacks, since one of them may be the font itself. */
const SAMPLE = 'mmmwwwiiilll@#012'

/** Those of the known fonts that this machine has. */
export function installedFonts(): string[] {
  const context = document.createElement('canvas').getContext('2d')
  if (context === null) return []
  const width = (family: string) => {
    context.font = `48px ${family}`
    return context.measureText(SAMPLE).width
  }
  const fallbacks = ['sans-serif', 'serif'].map((fallback) => ({ fallback, width: width(fallback) }))
  return KNOWN.filter((font) => fallbacks.every(({ fallback, width: plain }) => width(`"${font}", ${fallback}`) !== plain))
}
