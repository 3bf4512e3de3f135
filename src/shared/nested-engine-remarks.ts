/** What an entrypoint may find that its container does not allow the Docker engine inside to have. Its script knows the same words. */
export const LACKS = {
  engine: 'does not run: this engine gives workspaces neither the capabilities that it needs nor user namespaces',
  overlay: 'uses a slower storage driver, which takes more room: overlay2 does not work on its volume',
  groups: 'cannot limit or pause its containers: this engine has no control groups to hand on',
  networks: 'gives its containers no network: this engine does not let workspaces make any',
} as const
export type Lack = keyof typeof LACKS

/** What a user should know of it, each as a sentence; nothing where it is as usual. */
export function nestedEngineRemarks(nested: { lacks: readonly Lack[]; hidden: readonly string[] } | null): string[] {
  if (nested === null) return []
  const { lacks, hidden } = nested
  const kept = `does not see the images and containers that it has with the storage driver ${hidden.join(', ')}; they are kept`
  return [...lacks.map((lack) => LACKS[lack]), ...(hidden.length > 0 ? [kept] : [])].map((what) => `The Docker engine inside ${what}.`)
}
