import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { berthHomePath } from '../shared/berth-home-path'

/** The absolute path of BERTH_HOME for this process. */
export function berthHome(): string {
  return resolve(berthHomePath(process.env, process.platform, homedir()))
}
