import type { AddressPool } from '../../shared/address-pool'
import type { ContainerFile } from '../engine/containers'

/** By this file the entrypoint knows that Berth is about to hand variables over. It removes it. */
const ANNOUNCEMENT_PATH = '/etc/berth/hand-over'

/** Where the entrypoint finds the pools of the nested engine, one a line. */
const NESTED_POOLS_PATH = '/etc/berth/nested-pools'

const PROXY = /^(https?|ftp|all|no)_proxy$/i

const ROOT = { uid: 0, gid: 0 }

/** What the nested engine reads at its start and must wait for. */
export function hasProxies(environment: Record<string, string | null>): boolean {
  return Object.keys(environment).some((name) => PROXY.test(name))
}

/** The pools as the entrypoint reads them: one a line. */
export function poolLines(pools: readonly AddressPool[]): string {
  return pools.map(({ base, size }) => `${base} ${size}\n`).join('')
}

/** The keys that the ssh server lets in. It looks at each login. */
export function keysFile(authorizedKeys: string): ContainerFile {
  return { path: '/etc/berth/authorized_keys', content: authorizedKeys, mode: 0o644, ...ROOT }
}

/** Files that every workspace gets before each start, outside its home folder. They stay in its layer, so they must not contain secrets. */
export function containerFiles(content: {
  authorizedKeys: string
  environment: Record<string, string | null>
  nestedPools: readonly AddressPool[]
}): ContainerFile[] {
  return [
    keysFile(content.authorizedKeys),
    { path: NESTED_POOLS_PATH, content: poolLines(content.nestedPools), mode: 0o644, ...ROOT },
    { path: ANNOUNCEMENT_PATH, content: hasProxies(content.environment) ? 'proxies\n' : '\n', mode: 0o600, ...ROOT },
  ]
}
