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

const NO_CONTAINER = 'It is a folder on this machine, without a container'

/** What a folder of this machine cannot do. The first run, forms, menus and the command line do not offer it. */
export const UNAVAILABLE_ON_HOST: Unavailable = {
  snapshots: 'A folder on this machine has no snapshots. Clone it to get a copy.',
  templates: `${NO_CONTAINER} to use as a template. Clone it instead.`,
  export: 'A folder on this machine cannot be exported. Copy its files with any tool.',
  rebuild: `${NO_CONTAINER} to rebuild.`,
  root: 'What runs in it always has your own rights.',
  ssh: 'It has no ssh server of its own: it is this machine.',
  ports: 'Its ports are already ports of this machine, so there is nothing to forward.',
  stats: `${NO_CONTAINER} to measure.`,
  limits: `${NO_CONTAINER} to limit.`,
  storage: 'Its files are in its folder; Berth does not store them.',
  sync: 'It already has all files and credentials of this machine; skills and tools are copied automatically.',
  'repo-login': 'Its repository is cloned with the logins and known hosts of this machine. Use git or ssh once in one of its terminals.',
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
