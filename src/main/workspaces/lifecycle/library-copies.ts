import { join } from 'node:path'
import { HOME_FOLDER, joinPath } from '../../../shared/files/file-path'
import { ENTRY_FOLDERS } from '../../../shared/library/entry-kinds'
import { ENTRY_TARGETS } from '../../../shared/library/entry-targets'
import type { PlannedLink } from '../../credentials/planned-entry'
import type { SyncSource } from '../../credentials/sources'
import type { Library } from '../../library/library'
import type { ReadLibrary } from '../../library/library-index'
import type { WorkspaceRecord } from '../../settings/records'

/** What a workspace should have from the library, wherever agents look for it. */
interface LibraryCopies {
  sources: SyncSource[]
  links: PlannedLink[]
  /** In sentences: what was chosen and is not there. */
  problems: string[]
}

/** The skills and tools of a workspace. They are no credentials: it has them whatever it shares. The library is read only if there are any. */
export async function libraryCopies(
  library: Pick<Library, 'read'>,
  record: Pick<WorkspaceRecord, 'skills' | 'tools'>,
): Promise<LibraryCopies> {
  if (record.skills.length === 0 && record.tools.length === 0) return { sources: [], links: [], problems: [] }
  const read = await library.read()
  const all = [...record.skills.map((name) => copiesOf(read, 'skill', name)), ...record.tools.map((name) => copiesOf(read, 'tool', name))]
  return {
    sources: all.flatMap(({ sources }) => sources),
    links: all.flatMap(({ links }) => links),
    problems: all.flatMap(({ problems }) => problems),
  }
}

function copiesOf({ root, index }: ReadLibrary, kind: 'skill' | 'tool', name: string): LibraryCopies {
  const file = index.entries.find((entry) => entry.kind === kind && entry.id === name)?.file ?? null
  if (root === null || file === null) {
    return { sources: [], links: [], problems: [`The ${kind} ${name} is missing from the library (${index.folder}) or invalid.`] }
  }
  const folder = `${ENTRY_FOLDERS[kind]}/${name}`
  const isFolder = file.startsWith(`${folder}/`)
  const copied = isFolder ? folder : file
  const places = ENTRY_TARGETS[kind].map((target) => joinPath(HOME_FOLDER, target.folder))
  const sources = places.map((place) => ({
    ...{ host: join(root, copied), inside: joinPath(place, copied.slice(ENTRY_FOLDERS[kind].length + 1)) },
    // It was there a moment ago; that it is gone by now is seen in the next plan.
    ...{ isOptional: true, isSecret: false, confinedTo: root },
  }))
  // Agents take the file of that name for the tool, and do not look into folders.
  const target = `${name}/${file.slice(folder.length + 1)}`
  const links = kind === 'tool' && isFolder ? places.map((place) => linkTo(joinPath(place, `${name}.ts`), target)) : []
  return { sources, links, problems: [] }
}

/** Its time is always the same, so that it is sent again only when it leads elsewhere. */
function linkTo(path: string, target: string): PlannedLink {
  return { kind: 'link', path, target, modifiedAt: new Date(0), stamp: `link:${target}` }
}
