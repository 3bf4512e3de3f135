/** The first version of Docker's API whose services have profiles of seccomp and AppArmor: Docker 25. */
const PROFILES = { major: 1, minor: 44 }

/**
 * What the container of a task cannot be given and a workspace needs, by the version of the API that the manager speaks: for Docker inside, to be in
 * nobody else's reach, and to keep what is installed in it. So a workspace's container is made by the engine of its node, and the task beside it holds
 * its room. Seen with Docker 20.10 and 26.1.
 */
export function swarmLacks(apiVersion: string): string[] {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number)
  const hasProfiles = major > PROFILES.major || (major === PROFILES.major && minor >= PROFILES.minor)
  return [
    ...(hasProfiles ? [] : ['profiles of seccomp and AppArmor']),
    'system paths that are not masked',
    'ports that only its own machine can reach',
    'a layer that survives a stop',
  ]
}
