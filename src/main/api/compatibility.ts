import type { StandardHandlerOptions, StandardHandlerPlugin } from '@orpc/server/standard'
import { ownFieldName } from '../../shared/workspace-configuration/field-aliases'

type Fields = Record<string, unknown>

interface Translation {
  input?: (input: Fields) => Fields
  output?: (output: Fields, input: Fields) => Fields
}

const CONFIGURED: Translation = {
  input: ({ workspace_type: type, ...fields }) => ({
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [ownFieldName(name, fields), value])),
    ...ofType(type, fields),
  }),
}

/** Default: container. Any other kind is left as it is and refused later. */
function ofType(type: unknown, { host }: Fields): Fields {
  if (type === undefined || type === 'container') return {}
  return type === 'host' && host === undefined ? { host: {} } : { workspace_type: type }
}

/** By the path of the procedure. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  'workspaces.create': CONFIGURED,
  'workspaces.start': CONFIGURED,
  'workspaces.update': CONFIGURED,
  'workspaces.get': { output: (view) => ({ ...view, error_message: messageOf(view.problem) }) },
  'workspaces.exec': {
    input: ({ command, ...fields }) => ({ ...fields, command: typeof command === 'string' ? shellCommand(command) : command }),
    output: (result, { command }) =>
      typeof command === 'string' ? { ...result, exit_code: result.exitCode, timed_out: result.timedOut } : result,
  },
}

/**
 * Lets the HTTP API take what scripts for other systems send: fields by their names there, and a command as one line for a shell. What it takes in
 * addition is described in the document of the API; everything is then checked as ever. Has to come behind the plugins that change inputs.
 */
export class CompatibilityPlugin implements StandardHandlerPlugin<Record<never, never>> {
  init(options: StandardHandlerOptions<Record<never, never>>): void {
    options.clientInterceptors ??= []
    options.clientInterceptors.unshift(async ({ next, ...call }) => {
      const { input: translateInput, output: translateOutput } = TRANSLATIONS[call.path.join('.')] ?? {}
      const given = isFields(call.input) ? call.input : null
      const output = await next({ ...call, input: given && translateInput ? translateInput(given) : call.input })
      return isFields(output) && translateOutput ? translateOutput(output, given ?? {}) : output
    })
  }
}

/** A line for a shell, as program and arguments. */
export const shellCommand = (line: string): string[] => ['bash', '-lc', line]

function messageOf(problem: unknown): unknown {
  return isFields(problem) ? problem.message : null
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
