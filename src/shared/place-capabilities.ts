import { z } from 'zod'
import { BerthError } from './errors'

/** What can be done with a workspace, where its place can. */
export const CAPABILITIES = [
  'terminal',
  'exec',
  'files',
  'logs',
  'scripts',
  'repository',
  'clone',
  'snapshots',
  'templates',
  'export',
  'rebuild',
  'root',
  'ssh',
  'ports',
  'stats',
  'limits',
  'storage',
  'sync',
  'nested-engine',
  'repo-login',
  'container',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** By what cannot be done: why, in a sentence for a person. */
export const unavailableSchema = z.partialRecord(z.enum(CAPABILITIES), z.string())
export type Unavailable = z.infer<typeof unavailableSchema>

const NO_CONTAINER = 'It is a folder of this machine, without a container'

/** What a folder of this machine cannot do. The first run, forms, menus and the command line do not offer it. */
export const UNAVAILABLE_ON_HOST: Unavailable = {
  snapshots: 'A folder of this machine has no snapshots. Clone it instead: that is a copy.',
  templates: `${NO_CONTAINER} that others could be made from. Clone it instead.`,
  export: 'A folder of this machine is not exported. Its files are there for any tool.',
  rebuild: `${NO_CONTAINER} to rebuild.`,
  root: 'What runs in it has your own rights, and no others.',
  ssh: 'It has no ssh server of its own: it is this machine.',
  ports: 'What listens in it listens on this machine already; there is nothing to forward.',
  stats: `${NO_CONTAINER} that could be measured.`,
  limits: `${NO_CONTAINER} that could be limited.`,
  storage: 'Its files are where its folder is; Berth does not keep them.',
  sync: 'It has all files and credentials of this machine already; skills and tools come by themselves.',
  'repo-login': 'Its repository is cloned with the logins and known hosts of this machine. Use git or ssh once in a terminal of it.',
  container: `${NO_CONTAINER}.`,
  'nested-engine': 'It has no Docker engine of its own: it uses same as this machine.',
}

/** Throws PLACE_CANNOT. */
export function assertAvailable({ name, unavailable }: { name: string; unavailable: Unavailable }, capability: Capability): void {
  const reason = unavailable[capability]
  if (reason === undefined) return
  throw new BerthError('PLACE_CANNOT', `${name} is a host workspace. ${reason}`, {
    ...{ workspace: name, capability },
    next: 'Use a workspace in a container for this.',
  })
}
