import type { ContractRouterClient } from '@orpc/contract'
import { compatibility } from './compatibility'
import { debug } from './debug-report'
import { devcontainers } from './devcontainers'
import { engines } from './engines'
import { events } from './events'
import { files } from './files'
import { images } from './images'
import { library } from './library'
import { logs } from './logs'
import { operations } from './operations'
import { ports } from './ports'
import { settings } from './settings'
import { snapshots } from './snapshots'
import { sshConfig } from './ssh-config'
import { stats } from './stats'
import { storage } from './storage'
import { swarms } from './swarms'
import { system } from './system'
import { terminals } from './terminals'
import { workspaces } from './workspaces'

/** Everything Berth can do. A door is a way to call these; the core is what answers. */
export const contract = {
  workspaces,
  devcontainers,
  snapshots,
  storage,
  operations,
  terminals,
  logs,
  debug,
  files,
  ports,
  stats,
  images,
  library,
  engines,
  swarms,
  settings,
  events,
  sshConfig,
  system,
  compatibility,
}

/** What every door hands its user: the contract as functions. */
export type BerthClient = ContractRouterClient<typeof contract>
