import { z } from 'zod'

/** What an entrypoint may find that its container does not allow the Docker engine inside to have. Its script knows the same words. */
const LACKS = {
  engine: 'does not run: this engine gives workspaces neither the capabilities that it needs nor user namespaces',
  overlay: 'uses a slower storage driver, which takes more room: overlay2 does not work on its volume',
  groups: 'cannot limit or pause its containers: this engine has no control groups to hand on',
  networks: 'gives its containers no network: this engine does not let workspaces make any',
} as const
type Lack = keyof typeof LACKS

/**
 * The Docker engine inside a workspace, where that is not as usual, as its entrypoint found it at its last start. It comes from inside, where
 * programs of root can say what they like: only these words, and so many of them.
 */
export const nestedEngineSchema = z.object({
  lacks: z
    .array(z.enum(Object.keys(LACKS) as [Lack, ...Lack[]]))
    .max(Object.keys(LACKS).length)
    .describe('What it goes without; nothing where it is as usual. `engine`: it does not run.'),
  hidden: z
    .array(z.string().regex(/^[a-z0-9-]{1,32}$/))
    .max(10)
    .describe('Storage drivers whose images and containers are on its volume, but out of its sight, since it uses another.'),
})
export type NestedEngine = z.infer<typeof nestedEngineSchema>

/** What a user should know of it, each as a sentence; nothing where it is as usual. */
export function nestedEngineRemarks(nested: NestedEngine | null): string[] {
  if (nested === null) return []
  const { lacks, hidden } = nested
  const kept = `does not see the images and containers that it has with the storage driver ${hidden.join(', ')}; they are kept`
  return [...lacks.map((lack) => LACKS[lack]), ...(hidden.length > 0 ? [kept] : [])].map((what) => `The Docker engine inside ${what}.`)
}
