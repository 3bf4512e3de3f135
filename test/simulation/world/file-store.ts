import type { World } from './world'

/**
 * Files in memory, with the failures of real ones: each change takes time, a killed process may have made it or not, a full disk
 * refuses it, and a plain write may be half done.
 */
export interface FileStore {
  read(path: string): Promise<Buffer>
  readNow(path: string): Buffer
  exists(path: string): boolean
  /** Not atomic: a process that is killed meanwhile leaves a part. */
  write(path: string, content: Buffer | string, append?: boolean): Promise<void>
  /** All or nothing, as a file that was synced and renamed. */
  replace(path: string, content: Buffer | string): Promise<void>
  /** The same for a program that does not wait. */
  replaceNow(path: string, content: Buffer | string): void
  removeNow(path: string): void
  rename(from: string, to: string): Promise<void>
  remove(path: string, options: { force: boolean; recursive: boolean }): Promise<void>
  /** Throws EEXIST for one that is there, unless that is fine. */
  makeFolder(path: string, options: { recursive: boolean }): Promise<void>
  /** Throws ENOTEMPTY. */
  removeFolder(path: string): Promise<void>
  /** Which folder it is: another one of the same name has another number. null for what is none. */
  folderNumber(path: string): number | null
  list(path: string): Promise<string[]>
  listNow(path: string): string[]
  size(path: string): Promise<number>
  /** Refuses each write from now on. */
  setFull(isFull: boolean): void
  /** Everything that is in the files. */
  contents(): Map<string, Buffer>
}

export function createFileStore(world: World): FileStore {
  const files = new Map<string, Buffer>()
  const folders = new Map<string, number>()
  let made = 0
  let isFull = false

  const failure = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code, path })
  const found = (path: string) => {
    const content = files.get(path)
    if (content === undefined) throw failure('ENOENT', path)
    return content
  }

  /** It takes effect at a moment of its own: whoever is killed before that has not done it, whoever is killed after it has. */
  function change<Value>(apply: () => Value, half?: () => void): Promise<Value> {
    return new Promise((resolve, reject) => {
      const writer = world.process()
      world.after(
        world.random.next() * 2,
        () => {
          // Killed: what it had asked the kernel for may still be done.
          if (world.process() !== writer) {
            const fate = world.random.below(3)
            if (fate === 0) return
            if (fate === 1) return half?.()
          }
          try {
            const value = apply()
            if (world.process() === writer) world.after(world.random.next(), () => resolve(value))
          } catch (error) {
            if (world.process() === writer) world.after(world.random.next(), () => reject(error))
          }
        },
        'outside',
      )
    })
  }

  function put(path: string, content: Buffer): void {
    if (isFull && content.length >= (files.get(path)?.length ?? 0)) throw failure('ENOSPC', path)
    files.set(path, content)
  }

  function namesIn(path: string): string[] {
    const inside = [...files.keys(), ...folders.keys()].filter((name) => name.startsWith(`${path}/`))
    return [...new Set(inside.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))].sort()
  }

  return {
    read: (path) => change(() => found(path)),
    readNow: found,
    exists: (path) => files.has(path) || folders.has(path),
    write: (path, content, append = false) => {
      const whole = () => Buffer.concat([append ? (files.get(path) ?? Buffer.alloc(0)) : Buffer.alloc(0), Buffer.from(content)])
      return change(
        () => put(path, whole()),
        () => files.set(path, whole().subarray(0, world.random.below(whole().length + 1))),
      )
    },
    replace: (path, content) => change(() => put(path, Buffer.from(content))),
    replaceNow: (path, content) => put(path, Buffer.from(content)),
    removeNow: (path) => void files.delete(path),
    rename: (from, to) =>
      change(() => {
        const folder = folders.get(from)
        if (folder === undefined) {
          put(to, found(from))
          files.delete(from)
          return
        }
        if (files.has(to) || folders.has(to)) throw failure('EEXIST', to)
        for (const [name, content] of [...files]) {
          if (!name.startsWith(`${from}/`)) continue
          files.delete(name)
          files.set(`${to}${name.slice(from.length)}`, content)
        }
        folders.delete(from)
        folders.set(to, folder)
      }),
    remove: (path, { force, recursive }) =>
      change(() => {
        const inside = recursive ? [...files.keys()].filter((name) => name.startsWith(`${path}/`)) : []
        if (!files.has(path) && inside.length === 0 && !folders.has(path) && !force) throw failure('ENOENT', path)
        for (const name of [path, ...inside]) files.delete(name)
        folders.delete(path)
      }),
    makeFolder: (path, { recursive }) =>
      change(() => {
        const isThere = folders.has(path)
        if (isThere && !recursive) throw failure('EEXIST', path)
        made += 1
        if (!isThere) folders.set(path, made)
      }),
    removeFolder: (path) =>
      change(() => {
        if (!folders.has(path)) throw failure('ENOENT', path)
        if (namesIn(path).length > 0) throw failure('ENOTEMPTY', path)
        folders.delete(path)
      }),
    folderNumber: (path) => folders.get(path) ?? null,
    list: (path) => change(() => namesIn(path)),
    listNow: namesIn,
    size: (path) => change(() => (folders.has(path) && !files.has(path) ? 0 : found(path).length)),
    setFull(full) {
      isFull = full
    },
    contents: () => files,
  }
}
