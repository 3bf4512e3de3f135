import type { DamagedFile } from './damaged-file'

/** “state.json, line 3, column 7 (workspaces.0.name)” */
export function damagePlace({ name, line, column, field }: DamagedFile): string {
  const place = line === null ? name : `${name}, line ${line}${column === null ? '' : `, column ${column}`}`
  return field === null || field === '' ? place : `${place} (${field})`
}
