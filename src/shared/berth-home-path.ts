/**
 * Where Berth keeps its settings, records and keys: BERTH_HOME, or the place this system has for such things. Pure, so that the core
 * and the command line cannot disagree. A relative BERTH_HOME comes back as it is: the caller resolves it.
 */
export function berthHomePath(env: Readonly<Record<string, string | undefined>>, platform: string, homedir: string): string {
  if (env.BERTH_HOME) return env.BERTH_HOME
  if (platform === 'darwin') return `${homedir}/Library/Application Support/Berth`
  if (platform === 'win32') return `${env.APPDATA || `${homedir}\\AppData\\Roaming`}\\Berth`
  // The XDG rules have a relative path ignored.
  return env.XDG_CONFIG_HOME?.startsWith('/') ? `${env.XDG_CONFIG_HOME}/berth` : `${homedir}/.config/berth`
}
