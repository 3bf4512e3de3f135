const STORAGE_KEY = 'berth.token'

/** What a link like `http://127.0.0.1:7437/#token=…&workspace=NAME` carries. */
export interface LinkParameters {
  token: string | null
  workspace: string | null
}

/** null for a fragment that is a route of the page (`#/settings`). */
export function parseLinkFragment(fragment: string): LinkParameters | null {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''))
  const token = parameters.get('token')
  const workspace = parameters.get('workspace')
  return token === null && workspace === null ? null : { token, workspace }
}

/**
 * Takes the token out of the address bar, where it would be shown, shared and kept in the history, into this origin's storage.
 * Leaves the page on the route that the link asks for.
 */
export function takeTokenFromAddress(): void {
  const parameters = parseLinkFragment(location.hash)
  if (parameters === null) return
  if (parameters.token !== null) localStorage.setItem(STORAGE_KEY, parameters.token)
  const route = parameters.workspace === null ? '#/' : `#/workspace/${encodeURIComponent(parameters.workspace)}`
  history.replaceState(null, '', location.pathname + location.search + route)
}

export function storedToken(): string | null {
  return localStorage.getItem(STORAGE_KEY)
}
