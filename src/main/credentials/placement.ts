import { folderOf, HOME_FOLDER, nameOf } from '../../shared/files/file-path'
import type { InsideState } from './look-inside'
import { folderMode, type PlannedEntry, type PlannedFolder } from './planned-entry'

/** Everything in the tar: folders first, each before its contents. */
export function withFolders(send: readonly PlannedEntry[], planned: ReadonlyMap<string, PlannedEntry>): PlannedEntry[] {
  const folders = new Map<string, PlannedFolder>()
  for (const entry of send) {
    for (
      let path = entry.kind === 'folder' ? entry.path : folderOf(entry.path);
      path !== HOME_FOLDER && !folders.has(path);
      path = folderOf(path)
    ) {
      const own = planned.get(path)
      folders.set(path, own?.kind === 'folder' ? own : { kind: 'folder', path, mode: folderMode(path), modifiedAt: entry.modifiedAt })
    }
  }
  const sorted = [...folders.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return [...sorted, ...send.filter(({ kind }) => kind !== 'folder')]
}

/** What is moved into place, by target folder: for new folders the topmost one with its contents, otherwise single files. */
export function movesOf(entries: readonly PlannedEntry[], inside: ReadonlyMap<string, InsideState>): Map<string, Set<string>> {
  const moves = new Map<string, Set<string>>()
  for (const entry of entries) {
    if (entry.kind === 'folder' && inside.has(entry.path)) continue
    const unit = topmostMissing(entry.path, inside)
    const names = moves.get(folderOf(unit)) ?? new Set()
    moves.set(folderOf(unit), names.add(nameOf(unit)))
  }
  return moves
}

function topmostMissing(path: string, inside: ReadonlyMap<string, InsideState>): string {
  let topmost = path
  for (let above = folderOf(path); above !== HOME_FOLDER && !inside.has(above); above = folderOf(above)) topmost = above
  return topmost
}

/** Names that are given to one command: far from the limit of a command line. */
const NAMES_AT_ONCE = 200

/** One order of `PLACE`: a verb, the folder below the home folder, how many names, and these; each ended by a NUL. */
export function orders(verb: 'place' | 'remove' | 'remove-folder', byFolder: Iterable<readonly [string, Iterable<string>]>): string {
  let text = ''
  for (const [folder, names] of byFolder) {
    const all = [...names]
    for (let at = 0; at < all.length; at += NAMES_AT_ONCE) {
      const some = all.slice(at, at + NAMES_AT_ONCE)
      text += [verb, belowHome(folder), String(some.length), ...some].map((word) => `${word}\0`).join('')
    }
  }
  return text
}

export function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const path of paths) folders.set(folderOf(path), [...(folders.get(folderOf(path)) ?? []), nameOf(path)])
  return folders
}

/** Empty for the home folder. */
export function belowHome(path: string): string {
  return path.slice(HOME_FOLDER.length + 1)
}

/**
 * Carries out orders from stdin, as the user `workspace`. `$1` is the home folder, `$2` the folder in it with the sent files, which is
 * removed at the end. Each folder is entered before anything is done in it, and skipped if that leads out of the home folder, so that no
 * link can be put in between. Files are moved as a whole, so nobody ever sees half of one. Prints the paths that failed, each ended by a
 * NUL.
 */
export const PLACE = `
cd -P -- "$1" || exit 1
home=$PWD
staging=$home/$2
trap 'cd "$home" && rm -rf -- "$staging"' EXIT
while IFS= read -r -d '' verb && IFS= read -r -d '' folder && IFS= read -r -d '' count; do
  names=() sources=()
  for ((left = count; left > 0; left--)); do
    IFS= read -r -d '' name || exit 1
    names+=("./$name") sources+=("$staging/$folder/$name")
  done
  entered=
  if cd -P -- "$home/$folder" 2>/dev/null && [[ $PWD/ == "$home"/* ]]; then
    entered=yes
    case $verb in
      place) mv -f -t . -- "\${sources[@]}" 2>/dev/null ;;
      remove) rm -f -- "\${names[@]}" 2>/dev/null ;;
      remove-folder) rmdir -- "\${names[@]}" 2>/dev/null ;;
    esac
  fi
  for ((at = 0; at < count; at++)); do
    case $verb in
      place) left=\${sources[at]} ;;
      remove) left=\${names[at]} ;;
      *) continue ;;
    esac
    if [[ -z $entered || -e $left || -L $left ]]; then printf '%s\\0' "\${folder:+$folder/}\${names[at]#./}"; fi
  done
done
exit 0
`
