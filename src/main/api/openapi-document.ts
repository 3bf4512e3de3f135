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

const DESCRIPTION = `Everything that Berth can do: the desktop app, the web page and the command line call the same procedures.

Send the token as \`Authorization: Bearer TOKEN\`. It is in \`door.json\` in BERTH_HOME, next to the address.

Requests that take several steps answer at once with an operation. Follow the operation, or send \`wait: true\` to get the answer when it has ended. Errors have a \`code\`, a readable \`message\`, and advice in \`data.next\`.`

const tags = [
  { name: 'Workspaces', description: 'Create, start, stop and delete; run commands; read logs.' },
  { name: 'Operations', description: 'Long-running work: steps, progress, cancelling.' },
  {
    name: 'Terminals',
    description:
      'Sessions. Their data is sent over a WebSocket at /stream/{sessionId}, in binary frames: the first byte is the type, the rest the payload. From Berth: 1 stdout, 2 stderr, 3 the current screen, 4 the exit code (32 bits). To Berth: 16 stdin, 17 end of stdin, 19 the size (columns and rows, 16 bits each). In both directions: 18, the number of bytes processed (32 bits), which the receiver of 1, 2, 3 or 16 must send. Numbers are big-endian.',
  },
  {
    name: 'Files',
    description:
      'File contents are not JSON: `GET /workspaces/{workspace}/files/content?path=/home/workspace/a.txt` answers with a file, or with a folder as a tar; `PUT` of the same address writes a file (query: `mode` in octal, `modifiedAt`, `replace`). `GET` of `…/files/archive?path=` always answers with a tar, and `PUT` unpacks one into that folder. Uploaded files belong to the user `workspace`.',
  },
  { name: 'Images', description: 'The images that workspaces are created from.' },
  { name: 'Library', description: 'Templates, skills and tools for workspaces, in a folder under git.' },
  { name: 'Engine', description: 'The Docker engines that workspaces run on.' },
  { name: 'Settings' },
  { name: 'Events', description: 'Changes, as they happen.' },
  { name: 'System', description: 'This Berth.' },
  {
    name: 'Compatibility',
    description:
      'Compatibility with scripts for other systems. In addition to these addresses: `command` of `POST /workspaces/{workspace}/exec` can be one line for a bash login shell, and the answer then also has `exit_code` and `timed_out`; `POST /workspaces`, `POST /workspaces/{name}/start` and `PATCH /workspaces/{workspace}` accept `env_vars` for `env`, `init_script` for `initScript`, and `"workspace_type": "container"` or `"host"`; `GET /workspaces/{workspace}` has the message of its problem as `error_message`.',
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
