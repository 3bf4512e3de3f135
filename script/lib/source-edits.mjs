// Faults for tests to find: texts of the source that are replaced while it is bundled.
import { relative } from 'node:path'

/**
 * The plugin that makes `edits`, of `{ file, find, replace }` with the file below `root`, and the check that all were made, to be called after the build.
 * Either throws where a text is not there exactly once; `whole` says of what the files have to be a part.
 */
export function sourceEdits(root, edits, whole) {
  const left = new Set(edits)
  return {
    plugin: {
      name: 'source-edits',
      enforce: 'pre',
      transform(code, id) {
        const file = relative(root, id)
        let changed = code
        for (const edit of edits.filter((one) => one.file === file)) {
          if (changed.split(edit.find).length !== 2) throw new Error(`${file} does not have this text exactly once: ${edit.find}`)
          changed = changed.replace(edit.find, () => edit.replace)
          left.delete(edit)
        }
        return changed === code ? null : { code: changed, map: null }
      },
    },
    assertMade() {
      for (const { file, find } of left) throw new Error(`${file} is not part of ${whole}, so this could not be replaced: ${find}`)
    },
  }
}
