import { surroundings } from '../world/current'

/** The part of `conf` that Berth uses: a JSON file which each change writes whole. */
export default class Conf {
  readonly path: string
  constructor({ cwd, configName }: { cwd: string; configName: string }) {
    this.path = `${cwd}/${configName}.json`
  }
  get store(): Record<string, unknown> {
    const { files } = surroundings()
    return files.exists(this.path) ? (JSON.parse(files.readNow(this.path).toString('utf8')) as Record<string, unknown>) : {}
  }
  set store(value: Record<string, unknown>) {
    surroundings().files.replaceNow(this.path, JSON.stringify(value))
  }
}
