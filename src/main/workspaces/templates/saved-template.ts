import { type TemplateFile, templateFileSchema } from '../../../shared/library/template-file'
import { configurationOf, initialConfiguration } from '../../../shared/workspace-configuration/configuration'
import { CREATION_FIELDS, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import type { ForwardRecord, WorkspaceRecord } from '../../settings/records'

/**
 * What can be passed from a workspace to others: what its copies get, too. Values of variables are secrets and are left out; their names
 * are reported.
 */
export function templateOf(
  record: WorkspaceRecord,
  forwards: readonly ForwardRecord[],
  about: { name: string; description: string | undefined },
): { template: TemplateFile; leftOut: string[] } {
  const configuration = configurationOf(record)
  const chosen = CREATION_FIELDS.filter((name) => {
    const isCarried = WORKSPACE_FIELDS[name].carried.clone && WORKSPACE_FIELDS[name].kind !== 'variables'
    return isCarried && JSON.stringify(configuration[name]) !== JSON.stringify(initialConfiguration[name])
  })
  const values: Record<string, unknown> = Object.fromEntries(chosen.map((name) => [name, configuration[name]]))
  if (values.limits) values.limits = Object.fromEntries(Object.entries(configuration.limits).filter(([, limit]) => limit !== null))
  const template = {
    ...about,
    ...values,
    ...(record.repo === null ? {} : { clone: record.repo }),
    ...(record.furtherRepos.length === 0
      ? {}
      : { alsoClone: record.furtherRepos.map(({ url, branch }) => (branch === null ? url : `${url}#${branch}`)) }),
    ...(forwards.length === 0 ? {} : { forwards: forwards.map(forwardOf) }),
  }
  return { template: templateFileSchema.parse(template), leftOut: Object.keys(record.env).sort() }
}

const forwardOf = ({ port, localPort, container }: ForwardRecord) => ({ port, ...(localPort === port ? {} : { localPort }), container })
