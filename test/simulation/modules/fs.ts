import { Readable } from 'node:stream'
import { surroundings } from '../world/current'
import * as promises from './fs-promises'

const files = () => surroundings().files

export const existsSync = (path: string) => files().exists(path)
export const readFileSync = (path: string, encoding?: BufferEncoding) => {
  const content = files().readNow(path)
  return encoding ? content.toString(encoding) : content
}
export const writeFileSync = (path: string, content: string) => files().replaceNow(path, content)
export const createReadStream = (path: string) =>
  Readable.from(
    (async function* () {
      yield await files().read(path)
    })(),
  )
export const renameSync = (from: string, to: string) => {
  files().replaceNow(to, files().readNow(from))
  files().removeNow(from)
}
export const copyFileSync = (from: string, to: string) => files().replaceNow(to, files().readNow(from))
export const readdirSync = (path: string) => files().listNow(path)
export const mkdirSync = () => undefined
export const rmSync = (path: string) => files().removeNow(path)
/** Nobody writes there but Berth. */
export const watch = () => ({ on: () => undefined, close: () => undefined })
const unsupported = (path: unknown) => {
  throw new Error(`the simulation has no such call for files: ${String(path)}`)
}
export const createWriteStream = unsupported
export const statSync = unsupported
export const constants = promises.constants
export { promises }
