import { surroundings } from '../world/current'

/** Flags of the kernel's; nothing is opened by them here. */
export const constants = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 64,
  O_EXCL: 128,
  O_TRUNC: 512,
  O_NONBLOCK: 2048,
  O_NOFOLLOW: 131072,
}

const files = () => surroundings().files

type Encoding = BufferEncoding | { encoding?: BufferEncoding | null } | null | undefined
const encodingOf = (encoding: Encoding) => (typeof encoding === 'string' ? encoding : encoding?.encoding)

export async function readFile(path: string, encoding?: Encoding): Promise<string | Buffer> {
  const content = await files().read(path)
  const name = encodingOf(encoding)
  return name ? content.toString(name) : content
}
export const writeFile = (path: string, content: string | Buffer) => files().write(path, content)
export const appendFile = (path: string, content: string | Buffer) => files().write(path, content, true)
export const mkdir = (path: string, options?: { recursive?: boolean }) =>
  files().makeFolder(path, { recursive: options?.recursive ?? false })
export const rmdir = (path: string) => files().removeFolder(path)
export async function readdir(path: string, options?: { withFileTypes?: boolean }) {
  const names = await files().list(path)
  // It has no folders in folders that are listed.
  return options?.withFileTypes ? names.map((name) => ({ name, isDirectory: () => false })) : names
}
export const rename = (from: string, to: string) => files().rename(from, to)
export const rm = (path: string, options?: { force?: boolean; recursive?: boolean }) =>
  files().remove(path, { force: options?.force ?? false, recursive: options?.recursive ?? false })
export const unlink = (path: string) => rm(path)
export const chmod = async () => undefined
export const realpath = async (path: string) => path
export const copyFile = async (from: string, to: string) => files().write(to, await files().read(from))
export const stat = async (path: string) => {
  const size = await files().size(path)
  const isFolder = files().folderNumber(path) !== null
  return { size, mtimeMs: 0, mode: 0o600, isFile: () => !isFolder, isDirectory: () => isFolder, isSymbolicLink: () => false }
}

/** The simulation has no links. */
export async function lstat(path: string, options?: { bigint?: boolean }) {
  const found = await stat(path)
  if (!options?.bigint) return found
  const number = BigInt(files().folderNumber(path) ?? 0)
  return { dev: 1n, ino: number, birthtimeNs: number, mode: found.isDirectory() ? 0o040755n : 0o100644n }
}
