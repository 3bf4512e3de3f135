import { z } from 'zod'

/** Packages of one of the package managers that Berth knows. */
export const packageListSchema = z.object({ manager: z.enum(['apt', 'pacman']), names: z.array(z.string().max(128)).max(5000) })
export type PackageList = z.infer<typeof packageListSchema>

/** Prints the package manager and the packages that were installed by name; exits with 3 if there is none. */
export const LIST_COMMAND = [
  '/bin/sh',
  '-c',
  'if command -v apt-mark >/dev/null; then echo apt; exec apt-mark showmanual; fi; if command -v pacman >/dev/null; then echo pacman; exec pacman -Qqe; fi; exit 3',
]

/** More than all packages that a distribution has. */
export const MAX_LIST_BYTES = 1024 * 1024

/** Names of Debian's and Arch's packages, with an architecture behind some of Debian's. None begins as an option does. */
const NAME = /^[a-zA-Z0-9@][a-zA-Z0-9@._+:-]{0,127}$/

/** The output of `LIST_COMMAND`; null if it is invalid. A workspace can print anything, so invalid names are left out. */
export function parsePackageList(output: string): PackageList | null {
  const [manager, ...lines] = output.split('\n').map((line) => line.trim())
  const parsed = packageListSchema.shape.manager.safeParse(manager)
  return parsed.success ? { manager: parsed.data, names: lines.filter((line) => NAME.test(line)).slice(0, 5000) } : null
}

/** What the first has over the second. Lists of different managers have nothing in common. */
export function withoutPackages(list: PackageList, other: PackageList): PackageList {
  const known = new Set(list.manager === other.manager ? other.names : [])
  return { ...list, names: list.names.filter((name) => !known.has(name)).toSorted() }
}
