import type { ContainerFile } from '../engine/containers'

/** Files every workspace gets before each start, outside its home folder, owned by root. */
export function containerFiles(content: { authorizedKeys: string; environment: Record<string, string> }): ContainerFile[] {
  const root = { uid: 0, gid: 0 }
  return [
    { path: '/etc/berth/authorized_keys', content: content.authorizedKeys, mode: 0o644, ...root },
    // For ssh logins; what Berth itself runs has it from the engine. Its values may be secrets.
    { path: '/etc/berth/environment', content: environmentFile(content.environment), mode: 0o600, ...root },
  ]
}

function environmentFile(environment: Record<string, string>): string {
  return Object.entries(environment)
    .filter(([, value]) => !value.includes('\n'))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
