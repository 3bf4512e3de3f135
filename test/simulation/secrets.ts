/** What nobody may say: each is unlike anything else, so that it is found wherever it comes. */
export interface Secrets {
  /** A new one, for the environment of a workspace or the address of a repository. */
  make(kind: 'variable' | 'token'): string
  /** Those that are in the text. */
  foundIn(text: string): string[]
}

export function createSecrets(): Secrets {
  const made: string[] = []
  return {
    make(kind) {
      const secret = `secret-${kind}-${made.length + 1}-x`
      made.push(secret)
      return secret
    },
    foundIn: (text) => (text.includes('secret-') ? made.filter((secret) => text.includes(secret)) : []),
  }
}
