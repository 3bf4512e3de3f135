import { surroundings } from '../world/current'

const writeFileAtomic = (path: string, content: string | Buffer) => surroundings().files.replace(path, content)
writeFileAtomic.sync = (path: string, content: string | Buffer) => surroundings().files.replaceNow(path, content)
export default writeFileAtomic
