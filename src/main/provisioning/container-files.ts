import type { AddressPool } from '../../shared/address-pool'
import type { ContainerFile } from '../engine/containers'

/** By this file the entrypoint knows that Berth is about to hand variables over. It removes it. */
const ANNOUNCEMENT_PATH = '/etc/berth/hand-over'

/** Where the entrypoint finds the pools of the nested engine, one a line. */
const NESTED_POOLS_PATH = '/etc/berth/nested-pools'

const PROXY = /^(https?|ftp|all|no)_proxy$/i

/** Files every workspace gets before each start, outside its home folder. They stay in its layer, so none may hold a secret. */
export function containerFiles(content: {
  authorizedKeys: string
  environment: Record<string, string | null>
  nestedPools: readonly AddressPool[]
}): ContainerFile[] {
  const root = { uid: 0, gid: 0 }
  // The nested engine reads these when it starts, and has to wait for them.
  const hasProxies = Object.keys(content.environment).some((name) => PROXY.test(name))
  return [
    { path: '/etc/berth/authorized_keys', content: content.authorizedKeys, mode: 0o644, ...root },
    { path: NESTED_POOLS_PATH, content: content.nestedPools.map(({ base, size }) => `${base} ${size}\n`).join(''), mode: 0o644, ...root },
    { path: ANNOUNCEMENT_PATH, content: hasProxies ? 'proxies\n' : '\n', mode: 0o600, ...root },
  ]
}
