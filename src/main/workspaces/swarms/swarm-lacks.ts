/** The first version of Docker's API whose services have profiles of seccomp and AppArmor: Docker 25. */
const PROFILES = { major: 1, minor: 44 }

/**
 * What a workspace needs but the container of a task does not support, by the API version of the manager: for the nested Docker engine, for
 * isolation, and for keeping installed software. So the engine of its node creates a workspace's container, and the task beside it reserves
 * the resources. Tested with Docker 20.10 and 26.1.
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
