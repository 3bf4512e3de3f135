/** What CHANGELOG.md has below the heading of a version, up to that of the next one. '' when there is none. */
export function notesOf(version, changelog) {
  const lines = changelog.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`))
  if (start === -1) return ''
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.startsWith('## '))
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .join('\n')
    .trim()
}
