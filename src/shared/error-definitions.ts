import { z } from 'zod'

/**
 * Every error a person or a client may meet, in one table. Each has an HTTP status and the data a client needs to act on
 * it. `next` says in words what to do about it; doors show it below the message.
 */
const next = z.string().max(1000)

const data = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ ...shape, next })

const hostKeys = () => data({ host: z.string(), fingerprints: z.array(z.object({ type: z.string(), fingerprint: z.string() })) })

export const errorDefinitions = {
  WORKSPACE_NOT_FOUND: { status: 404, data: data({ workspace: z.string() }) },
  /** `workspace` is there when a snapshot of it has the name; else a workspace has. */
  NAME_TAKEN: { status: 409, data: data({ name: z.string(), workspace: z.string().optional() }) },
  NAME_INVALID: { status: 422, data: data({ name: z.string(), reason: z.string() }) },
  REPO_URL_INVALID: { status: 422, data: data({ url: z.string(), reason: z.string() }) },
  INPUT_INVALID: { status: 422, data: data({ issues: z.array(z.object({ path: z.string(), message: z.string() })) }) },
  WORKSPACE_BUSY: {
    status: 409,
    data: data({ workspace: z.string(), operationId: z.string(), operationKind: z.string() }),
  },
  WORKSPACE_NOT_RUNNING: { status: 409, data: data({ workspace: z.string(), status: z.string() }) },
  WORKSPACE_RUNNING: { status: 409, data: data({ workspace: z.string() }) },
  /** A part of it was removed outside Berth, and its contents cannot be restored. */
  WORKSPACE_INCOMPLETE: { status: 409, data: data({ workspace: z.string(), missing: z.array(z.string()) }) },
  /** A template is there to be cloned; it is not started by accident. */
  WORKSPACE_IS_TEMPLATE: { status: 409, data: data({ workspace: z.string() }) },
  /** A record names a place (an engine) that this Berth does not have. */
  /** No engine of that name or id is in the list of those that Berth uses. */
  ENGINE_UNKNOWN: { status: 404, data: data({ engine: z.string() }) },
  /** Another engine has the name, or it is the same engine under another. */
  ENGINE_EXISTS: { status: 409, data: data({ engine: z.string() }) },
  /** Workspaces or snapshots live there. */
  ENGINE_IN_USE: { status: 409, data: data({ engine: z.string(), workspaces: z.array(z.string()) }) },
  /** Swarm has no node for it. `reason` is Swarm's own word. */
  SWARM_NO_ROOM: { status: 409, data: data({ swarm: z.string(), workspace: z.string(), reason: z.string() }) },
  /** Berth does not reach the engine of that node. */
  SWARM_NODE_UNREACHED: { status: 409, data: data({ swarm: z.string(), node: z.string(), address: z.string().nullable() }) },
  /** The engine is no manager of a Swarm, or none of its managers answers. */
  SWARM_NO_MANAGER: { status: 409, data: data({ swarm: z.string(), engine: z.string().nullable() }) },
  SWARM_UNKNOWN: { status: 404, data: data({ swarm: z.string() }) },
  PLACE_UNKNOWN: { status: 409, data: data({ place: z.string() }) },
  /** It cannot be done where the workspace lives: `place-capabilities.ts`. */
  PLACE_CANNOT: { status: 409, data: data({ workspace: z.string(), capability: z.string() }) },
  /** What runs in a host workspace has all rights of the user: nobody has agreed to that yet. */
  HOST_UNCONFIRMED: { status: 409, data: data({}) },
  /** The folder of a host workspace. */
  HOST_FOLDER_UNUSABLE: { status: 409, data: data({ folder: z.string(), reason: z.string() }) },
  SNAPSHOT_NOT_FOUND: { status: 404, data: data({ workspace: z.string(), snapshot: z.string() }) },
  /** A part of it was removed outside Berth. */
  SNAPSHOT_INCOMPLETE: { status: 409, data: data({ workspace: z.string(), snapshot: z.string(), missing: z.array(z.string()) }) },
  /** The container ended, or never said it was ready. `log` holds its last lines. */
  WORKSPACE_START_FAILED: {
    status: 500,
    data: data({ workspace: z.string(), exitCode: z.number().nullable(), log: z.array(z.string()) }),
  },
  ENGINE_UNREACHABLE: {
    status: 503,
    data: data({ endpoint: z.string(), tried: z.array(z.object({ endpoint: z.string(), reason: z.string() })) }),
  },
  /** The ssh server of an engine's machine, whose key nobody has trusted. */
  ENGINE_HOST_UNKNOWN: { status: 502, data: hostKeys() },
  /** It shows another key than the one that is known. */
  ENGINE_HOST_CHANGED: { status: 502, data: hostKeys() },
  /** A port of an engine's machine that cannot be the same port of this one. */
  ENGINE_PORT_UNAVAILABLE: { status: 409, data: data({ port: z.number(), host: z.string(), reason: z.string() }) },
  /** The engine answered, and refused. `engineStatus` is its HTTP status. */
  ENGINE_REFUSED: { status: 502, data: data({ engineStatus: z.number(), reason: z.string() }) },
  /** Something on the engine has a name Berth needs and is not Berth's. */
  FOREIGN_RESOURCE: { status: 409, data: data({ resource: z.enum(['container', 'volume', 'network']), name: z.string() }) },
  /** A workspace of another tool that Berth cannot take over as it is. */
  NOT_ADOPTABLE: { status: 409, data: data({ name: z.string(), reason: z.string() }) },
  IMAGE_UNAVAILABLE: {
    status: 424,
    data: data({ image: z.string(), tried: z.array(z.object({ source: z.string(), reason: z.string() })) }),
  },
  /** It is not removed: workspaces or other containers are made from it, or Berth did not make it. */
  IMAGE_IN_USE: { status: 409, data: data({ image: z.string(), workspaces: z.array(z.string()) }) },
  IMAGE_BUILD_FAILED: { status: 424, data: data({ image: z.string(), log: z.array(z.string()) }) },
  /** What was installed by hand in a workspace cannot be told. */
  PACKAGES_UNKNOWN: { status: 409, data: data({ workspace: z.string(), reason: z.string() }) },
  PORTS_EXHAUSTED: {
    status: 409,
    data: data({ from: z.number(), to: z.number(), setting: z.literal('sshPorts') }),
  },
  REPO_CLONE_FAILED: {
    status: 424,
    data: data({ workspace: z.string(), url: z.string(), exitCode: z.number(), log: z.array(z.string()) }),
  },
  /** The server wants a password or a key, or refuses those it was given. */
  REPO_ACCESS_DENIED: {
    status: 424,
    data: data({
      workspace: z.string(),
      url: z.string(),
      method: z.enum(['password', 'key']),
      credentialGiven: z.boolean(),
      log: z.array(z.string()),
    }),
  },
  /** An ssh server whose key the workspace does not know, or knows as another (`changed`). */
  REPO_HOST_UNKNOWN: {
    status: 424,
    data: data({
      workspace: z.string(),
      url: z.string(),
      host: z.string(),
      port: z.number(),
      changed: z.boolean(),
      keys: z.array(z.object({ type: z.string(), fingerprint: z.string() })),
    }),
  },
  /** GitHub does not distinguish missing repositories from inaccessible ones. */
  GITHUB_NOT_FOUND: { status: 404, data: data({ repository: z.string(), tokenGiven: z.boolean() }) },
  GITHUB_ACCESS_DENIED: {
    status: 403,
    data: data({ repository: z.string(), reason: z.enum(['token-refused', 'rate-limited', 'forbidden']) }),
  },
  GITHUB_UNREACHABLE: { status: 502, data: data({ reason: z.string() }) },
  /** There is no git on this machine, which is needed to copy a repository from it. */
  GIT_UNAVAILABLE: { status: 424, data: data({ reason: z.string() }) },
  REPO_REF_NOT_FOUND: { status: 424, data: data({ workspace: z.string(), url: z.string(), ref: z.string() }) },
  /** Of the workspace itself (`own`) or of all workspaces (`shared`). `line` is null where the script is not bash’s or said none; `at` is when it ended. */
  INIT_SCRIPT_FAILED: {
    status: 424,
    data: data({
      workspace: z.string(),
      script: z.enum(['own', 'shared']),
      exitCode: z.number(),
      line: z.number().nullable(),
      at: z.string(),
      log: z.array(z.string()),
    }),
  },
  /** `exitCode` is null for one that reached its time limit. */
  POST_START_FAILED: {
    status: 424,
    data: data({ workspace: z.string(), script: z.string(), exitCode: z.number().nullable(), log: z.array(z.string()) }),
  },
  /** The repository has no devcontainer.json, or none of that path. */
  DEVCONTAINER_NOT_FOUND: { status: 404, data: data({ workspace: z.string(), path: z.string().nullable() }) },
  /** What the dev container CLI needs inside the workspace is missing, and could not be installed. */
  DEVCONTAINER_UNAVAILABLE: { status: 424, data: data({ workspace: z.string(), reason: z.string(), log: z.array(z.string()) }) },
  /** The dev container CLI could not bring it up; `log` has its last lines. `containerId` is there when the container itself was made. */
  DEVCONTAINER_FAILED: {
    status: 424,
    data: data({ workspace: z.string(), path: z.string(), containerId: z.string().nullable(), log: z.array(z.string()) }),
  },
  /** It was to be reached into, and is not running. */
  DEVCONTAINER_NOT_RUNNING: { status: 409, data: data({ workspace: z.string() }) },
  /** A file to import is not a complete, unchanged archive of a workspace, or contains something that an archive must not contain. */
  ARCHIVE_INVALID: {
    status: 422,
    data: data({
      file: z.string(),
      reason: z.enum([
        'format',
        'version',
        'truncated',
        'tampered',
        'architecture',
        'image',
        'size',
        'path',
        'link',
        'device',
        'attribute',
      ]),
    }),
  },
  FILE_EXISTS: { status: 409, data: data({ file: z.string() }) },
  /** A file on this machine cannot be read or written. */
  FILE_UNUSABLE: { status: 422, data: data({ file: z.string(), reason: z.string() }) },
  /** More files or bytes than are copied into a workspace at each change. */
  SYNC_TOO_LARGE: {
    status: 422,
    data: data({ entries: z.number(), bytes: z.number(), maxEntries: z.number(), maxBytes: z.number() }),
  },
  /** The next four: a file or folder inside a workspace. */
  FILE_NOT_FOUND: { status: 404, data: data({ workspace: z.string(), path: z.string() }) },
  NOT_A_FOLDER: { status: 409, data: data({ workspace: z.string(), path: z.string() }) },
  NOT_A_FILE: { status: 409, data: data({ workspace: z.string(), path: z.string() }) },
  /** `reason` is what the program inside said: no permission, say. */
  FILE_REFUSED: { status: 422, data: data({ workspace: z.string(), path: z.string(), reason: z.string() }) },
  PORT_NOT_FORWARDED: { status: 404, data: data({ workspace: z.string(), port: z.number() }) },
  /** No port of this machine could be listened on, or the way into the workspace is blocked. */
  FORWARD_FAILED: { status: 502, data: data({ workspace: z.string(), port: z.number(), reason: z.string() }) },
  /** Programs in the workspace cannot use the agent of this machine. */
  AGENT_UNAVAILABLE: { status: 502, data: data({ workspace: z.string(), reason: z.string() }) },
  /** A limit of memory below what is in use would end programs. */
  LIMIT_BELOW_USE: { status: 409, data: data({ workspace: z.string(), limitBytes: z.number(), usedBytes: z.number() }) },
  /** A limit that was set would be passed: of a workspace, or (null) of all together. Bytes; `neededBytes` is what would come on top. */
  LIMIT_REACHED: {
    status: 409,
    data: data({ workspace: z.string().nullable(), limitBytes: z.number(), usedBytes: z.number(), neededBytes: z.number() }),
  },
  /** The state of the library does not allow it. `action` is the requested action; `files` are the files that block it. */
  LIBRARY_STATE: {
    status: 409,
    data: data({ action: z.string(), states: z.array(z.string()), actions: z.array(z.string()), files: z.array(z.string()) }),
  },
  /** The remote of the library could not be reached, or refused. */
  LIBRARY_REMOTE_FAILED: { status: 502, data: data({ action: z.string(), remote: z.string(), log: z.array(z.string()) }) },
  LIBRARY_GIT_FAILED: { status: 500, data: data({ action: z.string(), exitCode: z.number(), log: z.array(z.string()) }) },
  /** It was changed by someone else since it was read. */
  LIBRARY_FILE_CHANGED: { status: 409, data: data({ file: z.string() }) },
  /** `nearest` is what was probably meant. */
  LIBRARY_ENTRY_NOT_FOUND: { status: 404, data: data({ kind: z.string(), entry: z.string(), nearest: z.string().nullable() }) },
  /** It cannot be used as it is. */
  LIBRARY_ENTRY_INVALID: { status: 422, data: data({ kind: z.string(), entry: z.string(), problems: z.array(z.string()) }) },
  /** A workspace that is a template, and a file of the library, have that name. */
  TEMPLATE_AMBIGUOUS: { status: 409, data: data({ template: z.string(), workspaceId: z.string() }) },
  /** The workspace was made without one, or it is gone from the library. */
  TEMPLATE_UNKNOWN: { status: 409, data: data({ workspace: z.string(), template: z.string().nullable() }) },
  DISK_FULL: { status: 507, data: data({ where: z.string() }) },
  TIMED_OUT: { status: 504, data: data({ what: z.string(), seconds: z.number() }) },
  CANCELLED: { status: 409, data: data({ what: z.string() }) },
  OPERATION_NOT_FOUND: { status: 404, data: data({ operationId: z.string() }) },
  OPERATION_NOT_CANCELLABLE: { status: 409, data: data({ operationId: z.string(), reason: z.string() }) },
  /** Neither does it wait for anything, nor can it be accepted as it is. */
  OPERATION_NOT_WAITING: { status: 409, data: data({ operationId: z.string() }) },
  /** A journal entry that is damaged, or of a Berth whose rules this one does not know. */
  JOURNAL_UNREADABLE: { status: 500, data: data({ operationId: z.string(), file: z.string(), reason: z.string() }) },
  /** Berth was ended in the middle of the operation; what recovery made of it is in the message. */
  INTERRUPTED: { status: 500, data: data({ operationId: z.string() }) },
  SESSION_NOT_FOUND: { status: 404, data: data({ sessionId: z.string() }) },
  EXEC_FAILED: { status: 422, data: data({ command: z.string(), reason: z.string() }) },
  /** A program cannot be run on a terminal of this machine: Berth's binary part for it, or the program, is missing. */
  TERMINAL_UNAVAILABLE: { status: 501, data: data({ reason: z.string() }) },
  UNAUTHORIZED: { status: 401, data: data({}) },
  HOST_REFUSED: { status: 403, data: data({ host: z.string() }) },
  /** Another Berth holds this BERTH_HOME. */
  ALREADY_RUNNING: { status: 409, data: data({ home: z.string(), pid: z.number().nullable() }) },
  /** A file of Berth's own cannot be read; it is left as it is. */
  RECORDS_UNREADABLE: { status: 500, data: data({ file: z.string(), reason: z.string() }) },
  INTERNAL: { status: 500, data: data({ reference: z.string() }) },
} as const satisfies Record<string, { status: number; data: z.ZodType }>

export type ErrorCode = keyof typeof errorDefinitions
export type ErrorData<Code extends ErrorCode> = z.infer<(typeof errorDefinitions)[Code]['data']>

/** The HTTP status that an error of this code has at the doors. */
export function errorStatus({ code }: { code: ErrorCode }): number {
  return errorDefinitions[code].status
}

/** An error as a record or an operation keeps it: plain data, without cause or stack. */
export const problemSchema = z.object({
  code: z.enum(Object.keys(errorDefinitions) as [ErrorCode, ...ErrorCode[]]),
  message: z.string().max(8000),
  next: z.string().max(1000),
  data: z.record(z.string(), z.unknown()),
})
export type Problem = z.infer<typeof problemSchema>
