const HUB = 'docker.io/'
const HUB_LIBRARY = 'docker.io/library/'
const DIGEST = 'sha256:'

/** As Docker writes an image's id; Podman mostly leaves out the kind of digest. */
export function imageIdOf(id: string): string {
  return id === '' || id.startsWith(DIGEST) ? id : `${DIGEST}${id}`
}

/** As Docker writes an image's name; Podman says that it is of Docker's registry. */
export function familiarReference(reference: string): string {
  for (const prefix of [HUB_LIBRARY, HUB]) if (reference.startsWith(prefix)) return reference.slice(prefix.length)
  return reference
}
