/** Where the app looks for updates, for electron-builder and electron-updater; null for nowhere. `releases` is OWNER/REPO on GitHub. */
export function githubReleases(releases) {
  if (!releases) return null
  const [owner, repo, ...rest] = releases.split('/')
  if (!owner || !repo || rest.length > 0) throw new Error(`${releases} is not OWNER/REPO.`)
  return { provider: 'github', owner, repo, releaseType: 'draft' }
}
