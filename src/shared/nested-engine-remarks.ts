/** What an entrypoint may find that its container does not allow the Docker engine inside to have. Its script knows the same words. */
export const LACKS = {
  engine: 'is not running: this engine gives workspaces neither the required capabilities nor user namespaces',
  overlay: 'uses a slower storage driver that needs more space, because overlay2 does not work on its volume',
  groups: 'cannot limit or pause its containers, because this engine has no control groups for workspaces',
  networks: 'gives its containers no network, because this engine does not let workspaces create one',
} as const
export type Lack = keyof typeof LACKS

/** What a user should know about it, each as a sentence; empty if everything is as usual. */
export function nestedEngineRemarks(nested: { lacks: readonly Lack[]; hidden: readonly string[] } | null): string[] {
  if (nested === null) return []
  const { lacks, hidden } = nested
  const kept = `does not see the images and containers of the storage driver ${hidden.join(', ')}, which are kept`
  return [...lacks.map((lack) => LACKS[lack]), ...(hidden.length > 0 ? [kept] : [])].map((what) => `The Docker engine inside ${what}.`)
}
