import type {
  LibraryCommit,
  LibraryDiff,
  LibraryEntry,
  LibraryFile,
  LibraryIndex,
  LibraryStatus,
  TemplateChanges,
} from '../../shared/contract/library'
import { BerthError } from '../../shared/errors'

const entry = (kind: LibraryEntry['kind'], id: string, file: string): LibraryEntry => ({
  ...{ kind, id, name: id, description: `About ${id}`, file, problems: [] },
})

/** A library that is only records: two templates, one of them broken, and a skill. */
export function createFakeLibrary(calls: string[]) {
  const index: LibraryIndex = {
    folder: '/b/library',
    exists: true,
    entries: [
      entry('template', 'node', 'workspace-template/node.json'),
      {
        ...entry('template', 'broken', 'workspace-template/broken.json'),
        problems: [{ message: 'Unknown field “distor”.', file: 'workspace-template/broken.json', path: 'distor', line: 2, column: 3 }],
      },
      entry('skill', 'python-dev', 'skill/python-dev/SKILL.md'),
    ],
    problems: [],
  }
  const status = (): LibraryStatus => ({
    ...{ folder: '/b/library', states: ['dirty', 'ahead'], detail: '1 file has uncommitted changes.', actions: ['commit'] },
    ...{ branch: 'main', remote: 'https://git.example.com/library.git', ahead: 1, behind: 0, conflicts: [] },
    ...{ changes: [{ path: 'workspace-template/node.json', change: 'changed' as const }], changeCount: 1 },
  })
  const readFile = (path: string): LibraryFile => ({ path, text: '{ "name": "node" }\n', digest: 'd' })
  const log: LibraryCommit[] = [{ id: 'a'.repeat(40), author: 'Ada', at: '2026-01-01T00:00:00Z', subject: 'Add node' }]
  return {
    index,
    status,
    log,
    readFile,
    does(call: string): LibraryStatus {
      calls.push(`library ${call}`)
      return status()
    },
    show({ kind, id }: { kind: string; id: string }) {
      const found = index.entries.find((candidate) => candidate.kind === kind && candidate.id === id)
      if (!found)
        throw new BerthError('LIBRARY_ENTRY_NOT_FOUND', `The library has no ${kind} “${id}”.`, {
          ...{ kind, entry: id, nearest: null },
          next: '“berth library list” lists all entries.',
        })
      const file = found.file ?? ''
      return { entry: found, files: [{ path: file, bytes: 19 }], main: readFile(file) }
    },
    /** Of a workspace that is called “same” nothing. */
    changes: (workspace: string): TemplateChanges => ({
      template: 'node',
      changes:
        workspace === 'same'
          ? []
          : [
              { field: 'env', title: 'Environment', effect: 'restart', summary: 'set NODE_ENV' },
              { field: 'distro', title: 'Distribution', effect: 'rebuild', summary: 'debian-bookworm' },
              { field: 'clone', title: 'Repository', effect: 'never', summary: 'owner/repo' },
            ],
    }),
    diff: (path: string): LibraryDiff => ({ path, committed: 'a\n', current: 'b\n', patch: '-a\n+b\n' }),
  }
}
