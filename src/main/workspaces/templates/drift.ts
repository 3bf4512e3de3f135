import { createHash } from 'node:crypto'
import { type AppliedTemplate, driftedParts, partDigests } from '../../../shared/library/applied-template'
import { fieldOfPart, type TemplateFile } from '../../../shared/library/template-file'
import type { Library } from '../../library/library'
import type { WorkspaceRecord } from '../../settings/records'

/** Of a template that is read once and compared with many workspaces. */
const digests = new WeakMap<TemplateFile, ReadonlyMap<string, string>>()

/** The digest of each part of a template. */
export function digestsOf(template: TemplateFile): ReadonlyMap<string, string> {
  const known = digests.get(template)
  if (known) return known
  const made = partDigests(template, (text) => createHash('sha256').update(text).digest('hex').slice(0, 32))
  digests.set(template, made)
  return made
}

/**
 * The fields of a workspace's template that have changed since it was applied. From memory: empty before the library is read, and for a
 * missing or broken template, which the library reports itself.
 */
export function driftOf(
  library: Pick<Library, 'knownTemplate'>,
  record: Pick<WorkspaceRecord, 'libraryTemplate' | 'image' | 'distro'>,
): string[] {
  const { libraryTemplate } = record
  const template = libraryTemplate && library.knownTemplate(libraryTemplate.id)
  return template ? [...new Set(partsToApply(record, libraryTemplate, template).map(fieldOfPart))] : []
}

/**
 * The parts of the template that the workspace is not in line with. For its image that is what the workspace has, so that a rebuild which fails leaves
 * it to be done; one that the template no longer names stays.
 */
export function partsToApply(
  record: Pick<WorkspaceRecord, 'image' | 'distro'>,
  applied: AppliedTemplate,
  template: TemplateFile,
): string[] {
  const isOther = (field: 'image' | 'distro') =>
    template[field] != null && template[field] !== record[field] && !applied.own.includes(field)
  return [
    ...driftedParts(applied, digestsOf(template)).filter((part) => part !== 'image' && part !== 'distro'),
    ...(['image', 'distro'] as const).filter(isOther),
  ]
}
