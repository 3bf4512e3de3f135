/** The first version of Docker's API whose services have profiles of seccomp and AppArmor: Docker 25. */
const PROFILES = { major: 1, minor: 44 }

/**
 * What the container of a task cannot be given, and a workspace needs, with the version of the API that the manager speaks. For these a workspace's
 * container is made by the engine of its node, and the task beside it holds its room. Seen with Docker 26.1.
 */
export function swarmLacks(apiVersion: string): string[] {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number)
  const hasProfiles = major > PROFILES.major || (major === PROFILES.major && minor >= PROFILES.minor)
  return [
    ...(hasProfiles ? [] : ['seccomp and AppArmor profiles of its own, without which Docker does not run inside']),
    'system paths that are not masked, which Docker inside needs',
    'a port that only this machine reaches: Swarm publishes on all addresses of a node',
    'its own layer: Swarm removes a task’s container, with what was installed in it, whenever it stops',
  ]
}
