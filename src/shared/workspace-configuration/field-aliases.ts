/** Names that scripts and files for other systems have for fields of a workspace’s configuration. */
const FIELD_ALIASES: Readonly<Record<string, string>> = { env_vars: 'env', init_script: 'initScript' }

/** Berth’s own name of a field. One that is given under both names is left, to be refused. */
export function ownFieldName(name: string, given: object): string {
  const own = Object.hasOwn(FIELD_ALIASES, name) ? FIELD_ALIASES[name] : undefined
  return own === undefined || own in given ? name : own
}
