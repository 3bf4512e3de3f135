import { codingAgentsOf } from '../../shared/coding-agents'

/** API keys of those coding agents, as Berth itself was given them. */
export function agentVariables(agents: readonly string[], environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = codingAgentsOf(agents).flatMap(({ variables }) => variables)
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])))
}
