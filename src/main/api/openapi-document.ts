import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { berthEventSchema } from '../../shared/contract/events'
import { settingsSchema } from '../../shared/contract/settings'
import { terminalSessionSchema } from '../../shared/contract/terminals'
import { API_PATH } from '../../shared/door-addresses'
import { errorDefinitions, problemSchema } from '../../shared/error-definitions'
import { operationSchema } from '../../shared/operation'
import { workspaceSchema } from '../../shared/workspace'
import { strictContract } from './strict-contract'

const DESCRIPTION = `Everything that Berth can do: its window, its page and its command line call the same procedures.

Send the token as \`Authorization: Bearer TOKEN\`. It is in \`door.json\` in BERTH_HOME, beside the address.

A change of more than one step answers at once with an operation; watch it, or send \`wait: true\` to get the answer when it has ended. Errors have a \`code\`, a \`message\` for a person, and in \`data.next\` what to do.`

const tags = [
  { name: 'Workspaces', description: 'Create, start, stop and delete; run commands; read logs.' },
  { name: 'Operations', description: 'Long work: its steps, its progress, how to cancel it.' },
  {
    name: 'Terminals',
    description:
      'Sessions. Their bytes travel on a WebSocket at /stream/{sessionId}, in binary frames: the first byte is the type, the rest the payload. From Berth: 1 stdout, 2 stderr, 3 the screen as it is, 4 the exit code (32 bits). To Berth: 16 stdin, 17 its end, 19 the size (columns and rows, 16 bits each). Either way: 18, bytes dealt with (32 bits), which whoever gets 1, 2, 3 or 16 has to send. Numbers are big-endian.',
  },
  {
    name: 'Files',
    description:
      'Bytes are no JSON: `GET /workspaces/{workspace}/files/content?path=/home/workspace/a.txt` answers with a file, or with a folder as a tar; `PUT` of the same address writes a file (query: `mode` in octal, `modifiedAt`, `replace`). `GET` of `…/files/archive?path=` always answers with a tar, and `PUT` unpacks one into that folder. What arrives belongs to the user `workspace`.',
  },
  { name: 'Images', description: 'What a new workspace is made from.' },
  { name: 'Library', description: 'Templates, skills and tools for workspaces, in a folder under git.' },
  { name: 'Engine', description: 'The Docker engine that it all runs on.' },
  { name: 'Settings' },
  { name: 'Events', description: 'What changes, as it changes.' },
  { name: 'System', description: 'This Berth itself.' },
  {
    name: 'Compatibility',
    description:
      'What scripts for other systems send. Besides these addresses: `command` of `POST /workspaces/{workspace}/exec` may be one line for a login shell (bash), and is then answered with `exit_code` and `timed_out`, too; `POST /workspaces`, `POST /workspaces/{name}/start` and `PATCH /workspaces/{workspace}` take `env_vars` for `env`, `init_script` for `initScript`, and `"workspace_type": "container"` or `"host"`; `GET /workspaces/{workspace}` has the message of its problem as `error_message`.',
  },
]

/** The OpenAPI 3.1 document of the contract. Takes some tens of milliseconds: make it once. */
export async function createOpenApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  return await generator.generate(strictContract, {
    info: { title: 'Berth', version, description: DESCRIPTION },
    servers: [{ url: API_PATH }],
    tags,
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    commonSchemas: {
      Workspace: { schema: workspaceSchema, strategy: 'output' },
      Operation: { schema: operationSchema, strategy: 'output' },
      TerminalSession: { schema: terminalSessionSchema, strategy: 'output' },
      Settings: { schema: settingsSchema, strategy: 'output' },
      Problem: { schema: problemSchema, strategy: 'output' },
      Event: { schema: berthEventSchema, strategy: 'output' },
      ...errorDataSchemas(),
      OtherError: { error: 'UndefinedError' },
    },
  })
}

/** One named schema for the data of each error, so that the document does not repeat them for every procedure. */
function errorDataSchemas(): Record<
  string,
  { schema: (typeof errorDefinitions)[keyof typeof errorDefinitions]['data']; strategy: 'output' }
> {
  return Object.fromEntries(
    Object.entries(errorDefinitions).map(([code, { data }]) => [`${code}_DATA`, { schema: data, strategy: 'output' as const }]),
  )
}
