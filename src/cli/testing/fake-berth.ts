import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { implement, ORPCError } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Adoptable } from '../../shared/adoptable'
import { contract } from '../../shared/contract/contract'
import { type Settings, settingsSchema } from '../../shared/contract/settings'
import type { SshConfigStatus } from '../../shared/contract/ssh-config'
import type { SwarmView } from '../../shared/contract/swarms'
import type { TerminalSession } from '../../shared/contract/terminals'
import type { DamagedFile } from '../../shared/damaged-file'
import { DOOR_FILE } from '../../shared/door'
import { RPC_PATH, WEBSOCKET_PROTOCOL } from '../../shared/door-addresses'
import { errorStatus } from '../../shared/error-definitions'
import { BerthError, isBerthError } from '../../shared/errors'
import type { Finding } from '../../shared/finding'
import type { Operation } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'
import { hasEnded } from '../../shared/operation-state'
import type { PortForward } from '../../shared/port-forward'
import { encodeFrame, STREAM_PATH, type StreamFrame } from '../../shared/stream-frames'
import type { Workspace } from '../../shared/workspace'
import { type CreationConfiguration, initialConfiguration, pickGiven } from '../../shared/workspace-configuration/configuration'
import { CREATION_FIELDS } from '../../shared/workspace-configuration/fields'
import { fakeChange, fakeEnvironment } from './fake-configuration'
import { createFakeCopies, given } from './fake-copies'
import { fakeDebugReport } from './fake-debug-report'
import { createFakeEngines } from './fake-engines'
import { createFakeEvents } from './fake-events'
import { createFakeFiles } from './fake-files'
import { fakeImage } from './fake-images'
import { createFakeLibrary } from './fake-library'
import { fakeDevcontainer, fakeOperation, fakeSyncReport, fakeWorkspace } from './fake-records'
import { playSession } from './fake-sessions'
import { fakeCleanup, fakeStorage, fakeUsage } from './fake-storage'
import { createFakeSwarms } from './fake-swarms'

/** Larger than any of a real process: its Berth has ended when it has hung up. */
export const ENDED_PID = 2 ** 30

/** A Berth for the tests of the command line: the real contract over real sockets, with workspaces that are only records. */
export interface FakeBerth {
  url: string
  token: string
  workspaces: Map<string, Workspace>
  /** Workspaces of other tools. */
  adoptables: Adoptable[]
  /** Those that are used, and those that can be found. */
  engines: Pick<ReturnType<typeof createFakeEngines>, 'used' | 'found'>
  swarms: SwarmView[]
  damagedFiles: DamagedFile[]
  /** A repair mends those that can be restored. */
  findings: Finding[]
  /** Files of workspaces, by “demo:/path”. */
  files: ReturnType<typeof createFakeFiles>['stored']
  /** Each call that changes something: “start demo”. */
  calls: string[]
  /** Adds an operation, or replaces the one of that id. */
  show(operation: Operation): void
  /** What is told to those who listen, and how many these are. */
  events: Pick<ReturnType<typeof createFakeEvents>, 'tell' | 'listeners'>
  /** Frames that sessions got from their client. */
  received: StreamFrame[]
  /** Held back while set: operations do not end until it is called, or they are cancelled. */
  hold(): () => void
  close(): Promise<void>
}

/** Serves on a free port; with `home`, writes its door file there. */
export async function serveFakeBerth(home: string | null, options: { token?: string; names?: string[] } = {}): Promise<FakeBerth> {
  const token = options.token ?? 'secret'
  const workspaces = new Map((options.names ?? []).map((name) => [name, fakeWorkspace(name)]))
  const adoptables: Adoptable[] = []
  const damagedFiles: DamagedFile[] = []
  const findings: Finding[] = []
  const files = createFakeFiles()
  const events = createFakeEvents(workspaces)
  const calls: string[] = []
  const engines = createFakeEngines(workspaces, calls)
  const swarms = createFakeSwarms(engines, calls)
  /** Swarm puts all on the first node that is reached. */
  const engineFor = (reference: string | undefined) => swarms.place(reference) ?? engines.find(reference).name
  const fakeLibrary = createFakeLibrary(calls)
  const received: StreamFrame[] = []
  const operations = new Map<string, Operation>()
  const changed = new EventTarget()
  const streams = new Map<string, Set<WebSocket>>()
  const sessions = new Map<string, TerminalSession>()
  const forwards = new Map<string, PortForward[]>()
  let sshConfig: SshConfigStatus = {
    ...{ file: '/b/ssh/config', userFile: '/u/.ssh/config', line: 'Include /b/ssh/config' },
    ...{ installed: false, obstacle: null },
  }
  let settings: Settings = settingsSchema.parse({})
  let held: Promise<void> = Promise.resolve()
  let holding = false

  const find = (reference: string) => {
    const workspace = workspaces.get(reference) ?? [...workspaces.values()].find(({ id }) => id === reference)
    if (workspace !== undefined) return workspace
    throw new BerthError('WORKSPACE_NOT_FOUND', `There is no workspace “${reference}”.`, {
      workspace: reference,
      next: '“berth list” lists them.',
    })
  }
  const findSession = (sessionId: string) => {
    const session = sessions.get(sessionId)
    if (session !== undefined) return session
    throw new BerthError('SESSION_NOT_FOUND', 'No such session.', { sessionId, next: 'Open one.' })
  }
  const portsOf = (workspaceId: string) => ({ workspaceId, listeners: [], forwards: forwards.get(workspaceId) ?? [] })
  const set = (operation: Operation) => {
    operations.set(operation.id, operation)
    changed.dispatchEvent(new Event(operation.id))
  }
  const begin = (kind: OperationKind, name: string | null, work: () => void, failure: Operation['error'] = null) => {
    const operation = fakeOperation(kind, name)
    set(operation)
    void held.then(() => {
      const now = operations.get(operation.id)
      if (now === undefined || hasEnded(now)) return
      if (failure === null) work()
      set({ ...now, status: failure === null ? 'succeeded' : 'failed', error: failure, endedAt: '2026-01-01T00:00:01.500Z' })
    })
    return operation
  }
  const change = (name: string, changes: Partial<Workspace>) => {
    const changed = { ...find(name), ...changes }
    workspaces.set(name, { ...changed, running: changed.status === 'running' })
  }

  const os = implement(contract).use(async ({ next }) => {
    try {
      return await next()
    } catch (error) {
      if (!isBerthError(error)) throw error
      throw new ORPCError(error.code, { defined: true, status: errorStatus(error), message: error.message, data: error.data })
    }
  })
  const devcontainer = (what: 'up' | 'rebuild', input: { workspace: string; path?: string | undefined }) => {
    const { name } = find(input.workspace)
    calls.push(`devcontainer ${what} ${name} path=${input.path ?? ''}`)
    const work = () => change(name, { devcontainerState: fakeDevcontainer('running') })
    return { operation: begin('workspace.devcontainer', name, work), workspace: find(name) }
  }
  const start = (
    procedure: 'start' | 'create',
    input: CreationConfiguration & {
      name: string
      clone?: string | undefined
      alsoClone?: string[] | undefined
      template?: string | undefined
      engine?: string | undefined
    },
  ) => {
    calls.push(`${procedure} ${JSON.stringify(input)}`)
    const existing = workspaces.get(input.name)
    if (procedure === 'create' && existing !== undefined) {
      throw new BerthError('NAME_TAKEN', `A workspace named ${input.name} already exists.`, {
        name: input.name,
        next: 'Choose another name.',
      })
    }
    if (existing === undefined)
      workspaces.set(
        input.name,
        fakeWorkspace(input.name, {
          ...fakeChange(initialConfiguration, pickGiven(input, CREATION_FIELDS)),
          status: 'pending',
          engine: engineFor(input.engine),
          image: input.image ?? 'berth:latest',
          repo: input.clone ?? null,
          furtherRepos: (input.alsoClone ?? []).map((url, index) => ({ url, branch: null, folder: `further-${index + 1}` })),
        }),
      )
    const failure: Operation['error'] =
      input.name === 'unlucky'
        ? {
            code: 'PORTS_EXHAUSTED',
            message: 'Ports 2200 to 2201 are all taken.',
            next: 'Widen sshPorts.',
            data: { from: 2200, to: 2201, setting: 'sshPorts' },
          }
        : null
    const operation = begin(
      existing === undefined ? 'workspace.create' : 'workspace.start',
      input.name,
      () => change(input.name, { status: 'running' }),
      failure,
    )
    return { operation, workspace: find(input.name) }
  }
  const copies = createFakeCopies({ workspaces, calls, find, begin })
  const notPlayed = (): never => {
    throw new Error('The fake Berth does not play this.')
  }
  const router = os.router({
    workspaces: {
      list: os.workspaces.list.handler(() => [...workspaces.values()]),
      get: os.workspaces.get.handler(({ input }) => find(input.workspace)),
      environment: os.workspaces.environment.handler(({ input }) => fakeEnvironment(find(input.workspace).env, input.reveal)),
      setRepoCredential: os.workspaces.setRepoCredential.handler(({ input }) => {
        calls.push(`setRepoCredential ${JSON.stringify(input)}`)
        return {}
      }),
      trustRepoHost: os.workspaces.trustRepoHost.handler(({ input }) => {
        calls.push(`trustRepoHost ${JSON.stringify(input)}`)
        return {}
      }),
      create: os.workspaces.create.handler(({ input: { wait: _wait, ...input } }) => start('create', input)),
      importGithub: os.workspaces.importGithub.handler(({ input: { wait: _wait, repository, name = 'imported', ...input } }) => {
        calls.push(`importGithub ${repository} ${input.pullRequest ?? ''}`)
        return start('create', { ...input, name, clone: repository })
      }),
      start: os.workspaces.start.handler(({ input: { wait: _wait, ...input } }) => start('start', input)),
      stop: os.workspaces.stop.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`stop ${name}`)
        return { operation: begin('workspace.stop', name, () => change(name, { status: 'stopped' })), workspace: find(name) }
      }),
      rerunInit: os.workspaces.rerunInit.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`rerunInit ${name}`)
        return { operation: begin('workspace.rerun-init', name, () => change(name, { initState: 'done' })), workspace: find(name) }
      }),
      keepRunning: os.workspaces.keepRunning.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`keepRunning ${name}`)
        change(name, { idleStopAt: null })
        return find(name)
      }),
      restart: os.workspaces.restart.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`restart ${name}`)
        return { operation: begin('workspace.restart', name, () => change(name, { status: 'running' })), workspace: find(name) }
      }),
      delete: os.workspaces.delete.handler(({ input }) => {
        const workspace = find(input.workspace)
        calls.push(`delete ${workspace.name}`)
        return { operation: begin('workspace.delete', workspace.name, () => workspaces.delete(workspace.name)), workspace }
      }),
      sync: os.workspaces.sync.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`sync ${name} force=${input.force}`)
        return { operation: begin('workspace.sync', name, () => change(name, { synced: fakeSyncReport() })), workspace: find(name) }
      }),
      clone: os.workspaces.clone.handler(({ input }) => copies.clone(input)),
      rename: os.workspaces.rename.handler(({ input }) => copies.rename(input)),
      move: os.workspaces.move.handler(({ input }) => copies.move(input)),
      relocate: os.workspaces.relocate.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`relocate ${name} to ${input.engine} dropSnapshots=${input.dropSnapshots}${given(input.constraints)}`)
        return {
          operation: begin('workspace.relocate', name, () => change(name, { engine: engineFor(input.engine) })),
          workspace: find(name),
        }
      }),
      rebuild: os.workspaces.rebuild.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`rebuild ${name} image=${input.image ?? ''} snapshot=${input.snapshot} reinstall=${input.reinstall}`)
        const work = () => change(name, { status: 'running', ...(input.image === undefined ? {} : { image: input.image }) })
        return { operation: begin('workspace.rebuild', name, work), workspace: find(name) }
      }),
      rebuildPreview: os.workspaces.rebuildPreview.handler(({ input }) => ({
        image: input.image ?? find(input.workspace).image ?? '',
        source: 'local' as const,
        packages: ['tree', 'zsh'],
        unknown: null,
      })),
      update: os.workspaces.update.handler(({ input }) => copies.update(input)),
      adoptable: os.workspaces.adoptable.handler(() => adoptables),
      adopt: os.workspaces.adopt.handler(({ input: { name, stop, start: starts } }) => {
        calls.push(`adopt ${name} stop=${stop} start=${starts}`)
        workspaces.set(name, fakeWorkspace(name, { status: 'pending' }))
        const work = () => change(name, { status: starts ? 'running' : 'stopped' })
        return { operation: begin('workspace.adopt', name, work), workspace: find(name) }
      }),
      export: os.workspaces.export.handler(notPlayed),
      import: os.workspaces.import.handler(({ input: { wait: _wait, ...input } }) => {
        calls.push(`import ${JSON.stringify(input)}`)
        const { name = 'imported', engine, start: starts } = input
        workspaces.set(name, fakeWorkspace(name, { status: 'pending', engine: engineFor(engine) }))
        return { operation: begin('workspace.import', name, () => change(name, { status: starts ? 'running' : 'stopped' })) }
      }),
      deletionPreview: os.workspaces.deletionPreview.handler(({ input }) => {
        const { volumes, label, host: own } = find(input.workspace)
        const host = own && { path: own.folder, created: own.created }
        const dirty = label === 'dirty'
        const counts = { uncommittedFiles: dirty ? 2 : 0, unpushedCommits: dirty ? 1 : null }
        return { volumes: volumes === null ? [] : [{ name: volumes.home, bytes: 1.5 * 1024 ** 2 }], ...counts, folder: host }
      }),
      repositories: os.workspaces.repositories.handler(({ input }) => {
        const { repo } = find(input.workspace)
        const known = { branch: 'main', commit: 'a'.repeat(40), upstream: 'origin/main', ahead: 1, behind: 0, changedFiles: 2 }
        return repo === null ? [] : [{ path: '/home/workspace/repo', ...known }]
      }),
      exec: os.workspaces.exec.handler(({ input }) => {
        calls.push(`exec ${JSON.stringify(input)}`)
        const stdout = Buffer.from(`${input.command.join(' ')}\n`).toString(input.encoding)
        return { exitCode: 3, stdout, stderr: input.stdin ?? '', timedOut: false, truncated: false }
      }),
      execStream: os.workspaces.execStream.handler(async function* () {
        yield { type: 'exit' as const, exitCode: 0, timedOut: false }
      }),
      logs: os.workspaces.logs.handler(async function* ({ input }) {
        calls.push(`logs ${JSON.stringify(input)}`)
        const entries = [1, 2, 3].map((line) => ({
          time: '2026-01-01T00:00:00Z',
          stream: line === 2 ? ('stderr' as const) : ('stdout' as const),
          text: `line ${line}`,
        }))
        yield { entries: entries.slice(-Math.max(input.tail, 1)), missed: 0 }
      }),
    },
    library: {
      index: os.library.index.handler(() => fakeLibrary.index),
      status: os.library.status.handler(() => fakeLibrary.status()),
      log: os.library.log.handler(() => fakeLibrary.log),
      show: os.library.show.handler(({ input }) => fakeLibrary.show(input)),
      readFile: os.library.readFile.handler(({ input }) => fakeLibrary.readFile(input.path)),
      writeFile: os.library.writeFile.handler(notPlayed),
      check: os.library.check.handler(() => []),
      diff: os.library.diff.handler(({ input }) => fakeLibrary.diff(input.path)),
      init: os.library.init.handler(() => fakeLibrary.does('init')),
      clone: os.library.clone.handler(({ input }) => fakeLibrary.does(`clone ${input.url}`)),
      commit: os.library.commit.handler(({ input }) => fakeLibrary.does(`commit ${input.message}`)),
      pull: os.library.pull.handler(({ input }) => ({
        ...fakeLibrary.does(`pull ${input.how}`),
        keptAs: input.how === 'take-remote' ? 'before-x' : null,
      })),
      push: os.library.push.handler(() => fakeLibrary.does('push')),
      abort: os.library.abort.handler(() => fakeLibrary.does('abort')),
      continue: os.library.continue.handler(() => fakeLibrary.does('continue')),
      saveTemplate: os.library.saveTemplate.handler(({ input: { id, workspace, overwrite } }) => {
        calls.push(`saveTemplate ${find(workspace).name} ${id} overwrite=${overwrite}`)
        return { file: `workspace-template/${id}.json`, leftOut: ['API_KEY'] }
      }),
      changes: os.library.changes.handler(({ input }) => fakeLibrary.changes(find(input.workspace).name)),
      apply: os.library.apply.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`apply ${name}`)
        const operation = begin('workspace.rebuild', name, () => change(name, { templateDrift: [] }))
        return { ...fakeLibrary.changes(name), started: { operation, workspace: find(name) } }
      }),
    },
    devcontainers: {
      status: os.devcontainers.status.handler(({ input }) => find(input.workspace).devcontainerState),
      up: os.devcontainers.up.handler(({ input }) => devcontainer('up', input)),
      rebuild: os.devcontainers.rebuild.handler(({ input }) => devcontainer('rebuild', input)),
      stop: os.devcontainers.stop.handler(({ input }) => {
        const { name } = find(input.workspace)
        calls.push(`devcontainer stop ${name}`)
        const work = () => change(name, { devcontainerState: fakeDevcontainer('stopped') })
        return { operation: begin('workspace.devcontainer-stop', name, work), workspace: find(name) }
      }),
    },
    snapshots: {
      list: os.snapshots.list.handler(({ input }) => copies.listSnapshots(input)),
      create: os.snapshots.create.handler(({ input }) => copies.createSnapshot(input)),
      restore: os.snapshots.restore.handler(({ input }) => copies.restore(input)),
      restoreAs: os.snapshots.restoreAs.handler(({ input }) => copies.restoreAs(input)),
      delete: os.snapshots.delete.handler(({ input }) => copies.deleteSnapshot(input)),
    },
    storage: {
      info: os.storage.info.handler(({ input }) => {
        engines.asked('storage info', input.engine)
        return fakeStorage
      }),
      enable: os.storage.enable.handler(({ input: { sizeBytes, engine } }) => {
        calls.push(`enable ${sizeBytes} on ${engines.find(engine).name}`)
        return fakeStorage
      }),
      disable: os.storage.disable.handler(({ input: { engine } }) => {
        calls.push(`disable on ${engines.find(engine).name}`)
        return fakeStorage
      }),
      usage: os.storage.usage.handler(({ input }) => {
        engines.asked('usage', input.engine)
        return fakeUsage
      }),
      cleanupPreview: os.storage.cleanupPreview.handler(({ input }) => {
        engines.asked('cleanup preview', input.engine)
        return fakeCleanup
      }),
      cleanup: os.storage.cleanup.handler(({ input: { ids, engine } }) => {
        calls.push(`cleanup ${ids.join(' ')}${engine === undefined ? '' : ` on ${engine}`}`)
        return { operation: begin('storage.cleanup', null, () => undefined) }
      }),
    },
    operations: {
      list: os.operations.list.handler(() => [...operations.values()]),
      get: os.operations.get.handler(({ input }) => operation(input.operationId)),
      watch: os.operations.watch.handler(async function* ({ input }) {
        for (;;) {
          const next = new Promise((resolve) => changed.addEventListener(input.operationId, resolve, { once: true }))
          const current = operation(input.operationId)
          yield current
          if (hasEnded(current)) return
          await next
        }
      }),
      retry: os.operations.retry.handler(({ input }) => {
        calls.push(`retry ${input.operationId}`)
        return operation(input.operationId)
      }),
      accept: os.operations.accept.handler(({ input }) => {
        calls.push(`accept ${input.operationId}`)
        return operation(input.operationId)
      }),
      cancel: os.operations.cancel.handler(({ input }) => {
        calls.push(`cancel ${input.operationId}`)
        const error = { code: 'CANCELLED' as const, message: 'It was cancelled.', next: 'Start it again.', data: { what: 'it' } }
        set({ ...operation(input.operationId), status: 'cancelled', error, endedAt: '2026-01-01T00:00:02.000Z' })
        return operation(input.operationId)
      }),
    },
    terminals: {
      list: os.terminals.list.handler(() => [...sessions.values()]),
      open: os.terminals.open.handler(({ input }) => {
        calls.push(`open ${JSON.stringify(input)}`)
        const { id } = find(input.workspace)
        const { user = 'workspace', tty, cols, rows, command = ['cat'] } = input
        const session: TerminalSession = {
          id: `s${sessions.size}`,
          workspaceId: id,
          kind: 'command',
          name: null,
          title: '',
          command,
          user,
          container: null,
          tty,
          cols,
          rows,
          createdAt: '2026-01-01T00:00:00.000Z',
          status: 'running',
          statusDetail: null,
          exitCode: null,
          endedAt: null,
        }
        sessions.set(session.id, session)
        return session
      }),
      close: os.terminals.close.handler(({ input }) => {
        calls.push(`close ${input.sessionId}`)
        for (const socket of streams.get(input.sessionId) ?? []) socket.send(encodeFrame({ type: 'exit', exitCode: 137 }))
        return findSession(input.sessionId)
      }),
      signal: os.terminals.signal.handler(({ input }) => {
        calls.push(`signal ${input.sessionId} ${input.signal}`)
        const session = findSession(input.sessionId)
        const sockets = session.command[0] === 'stubborn' ? [] : (streams.get(input.sessionId) ?? [])
        for (const socket of sockets) socket.send(encodeFrame({ type: 'exit', exitCode: 130 }))
        return session
      }),
      update: os.terminals.update.handler(({ input }) => findSession(input.sessionId)),
      restart: os.terminals.restart.handler(({ input }) => findSession(input.sessionId)),
      nestedContainers: os.terminals.nestedContainers.handler(() => []),
      layouts: {
        get: os.terminals.layouts.get.handler(({ input }) => ({
          workspaceId: find(input.workspace).id,
          revision: 0,
          tabs: [],
          activeTab: null,
        })),
        set: os.terminals.layouts.set.handler(({ input }) => ({ ...input, workspaceId: find(input.workspace).id, revision: 1 })),
      },
    },
    stats: {
      watch: os.stats.watch.handler(async function* ({ input }) {
        find(input.workspace)
        const rates = { networkReceived: 0, networkSent: 2 * 1024 ** 2, diskRead: 0, diskWritten: 0 }
        yield [
          {
            time: '2026-01-01T00:00:00.000Z',
            cpus: 1.5,
            memoryBytes: 1.5 * 1024 ** 3,
            memoryLimitBytes: 4 * 1024 ** 3,
            processes: 12,
            ...rates,
          },
        ]
      }),
      processes: os.stats.processes.handler(({ input }) => {
        find(input.workspace)
        return [
          { pid: 70, parentPid: 1, age: 312, cpuTime: 0.4, memoryBytes: 1.5 * 1024 ** 2, command: '/usr/sbin/sshd -D' },
          { pid: 71, parentPid: 70, age: 65, cpuTime: 12, memoryBytes: 85 * 1024 ** 2, command: 'node server.js' },
        ]
      }),
    },
    ports: {
      list: os.ports.list.handler(({ input }) => portsOf(find(input.workspace).id)),
      watch: os.ports.watch.handler(async function* ({ input, signal }) {
        yield portsOf(find(input.workspace).id)
        await new Promise<void>((ended) => signal?.addEventListener('abort', () => ended()))
      }),
      add: os.ports.add.handler(({ input }) => {
        calls.push(`forward ${JSON.stringify(input)}`)
        const { id } = find(input.workspace)
        const localPort = input.localPort ?? input.port
        const forward: PortForward = {
          ...{ port: input.port, container: input.container, localPort, wantedLocalPort: localPort },
          ...{ status: 'open', problem: null, kind: 'kept' },
        }
        forwards.set(id, [...(forwards.get(id) ?? []), forward])
        return { forward, notice: null }
      }),
      remove: os.ports.remove.handler(({ input }) => {
        calls.push(`unforward ${JSON.stringify(input)}`)
        const { id, name } = find(input.workspace)
        const kept = (forwards.get(id) ?? []).filter((forward) => forward.port !== input.port)
        if (kept.length === (forwards.get(id) ?? []).length) {
          throw new BerthError('PORT_NOT_FORWARDED', `Port ${input.port} of ${name} is not forwarded.`, {
            workspace: name,
            port: input.port,
            next: 'See its ports.',
          })
        }
        forwards.set(id, kept)
        return portsOf(id)
      }),
      proxy: os.ports.proxy.handler(async function* ({ input }) {
        yield input.forwards.map(({ port, localPort = port }) => ({
          forward: {
            ...{ port, container: null, localPort, wantedLocalPort: localPort },
            ...{ status: 'open' as const, problem: null, kind: 'temporary' as const },
          },
          notice: null,
        }))
      }),
    },
    compatibility: {
      exec: os.compatibility.exec.handler(notPlayed),
      importGithub: os.compatibility.importGithub.handler(notPlayed),
      initLog: os.compatibility.initLog.handler(notPlayed),
    },
    logs: {
      sources: os.logs.sources.handler(() => [
        { source: 'container' as const, bytes: null },
        { source: 'ssh' as const, bytes: 2048 },
      ]),
      open: os.logs.open.handler(notPlayed),
    },
    debug: { report: os.debug.report.handler(({ input }) => fakeDebugReport(find(input.workspace))) },
    files: {
      stat: os.files.stat.handler(({ input }) => files.stat(find(input.workspace).name, input.path)),
      list: os.files.list.handler(notPlayed),
      preview: os.files.preview.handler(notPlayed),
      makeFolder: os.files.makeFolder.handler(notPlayed),
      rename: os.files.rename.handler(notPlayed),
      delete: os.files.delete.handler(notPlayed),
      openUpload: os.files.openUpload.handler(notPlayed),
      openDownload: os.files.openDownload.handler(notPlayed),
    },
    images: {
      list: os.images.list.handler(({ input }) => {
        engines.asked('list images', input.engine)
        return [fakeImage]
      }),
      remove: os.images.remove.handler(({ input }) => {
        calls.push(`remove image ${input.imageId}${input.engine === undefined ? '' : ` on ${input.engine}`}`)
        return {}
      }),
      buildLog: os.images.buildLog.handler(() => ({ lines: ['Step 1/1 : FROM debian', 'Built'] })),
      resolve: os.images.resolve.handler(() => ({ reference: 'berth:latest', source: 'local' as const, imageId: null, sizeBytes: null })),
      build: os.images.build.handler(({ input }) => {
        calls.push(`build ${JSON.stringify(input)}`)
        return begin('image.build', null, () => {})
      }),
    },
    engines: {
      list: os.engines.list.handler(() => engines.used),
      found: os.engines.found.handler(() => engines.found),
      get: os.engines.get.handler(({ input }) => engines.find(input.engine)),
      add: os.engines.add.handler(({ input }) => engines.add(input)),
      test: os.engines.test.handler(({ input }) => engines.test(input)),
      use: os.engines.use.handler(({ input }) => engines.use(input.engine)),
      remove: os.engines.remove.handler(({ input }) => {
        engines.remove(input.engine)
        return {}
      }),
      trust: os.engines.trust.handler(({ input }) => {
        calls.push(`trust ${input.address} ${input.fingerprint}`)
        return {}
      }),
      reconnect: os.engines.reconnect.handler(({ input }) => engines.reconnect(input.engine)),
    },
    swarms: {
      list: os.swarms.list.handler(() => swarms.used),
      get: os.swarms.get.handler(({ input }) => swarms.find(input.swarm)),
      add: os.swarms.add.handler(({ input }) => swarms.add(input)),
      update: os.swarms.update.handler(({ input }) => swarms.update(input)),
      use: os.swarms.use.handler(({ input }) => swarms.use(input.swarm)),
      remove: os.swarms.remove.handler(({ input }) => {
        swarms.remove(input.swarm)
        return {}
      }),
    },
    settings: {
      get: os.settings.get.handler(() => settings),
      environment: os.settings.environment.handler(({ input }) => fakeEnvironment(settings.env, input.reveal)),
      update: os.settings.update.handler(({ input }) => {
        settings = settingsSchema.parse({ ...settings, ...input })
        return settings
      }),
    },
    sshConfig: {
      status: os.sshConfig.status.handler(() => sshConfig),
      print: os.sshConfig.print.handler(() => ({ text: 'Host demo.berth\n' })),
      install: os.sshConfig.install.handler(() => {
        sshConfig = { ...sshConfig, installed: true }
        return sshConfig
      }),
      uninstall: os.sshConfig.uninstall.handler(() => {
        sshConfig = { ...sshConfig, installed: false }
        return sshConfig
      }),
    },
    events: { subscribe: os.events.subscribe.handler(({ signal }) => events.subscribe(signal)) },
    system: {
      damagedFiles: os.system.damagedFiles.handler(() => damagedFiles),
      acceptDamage: os.system.acceptDamage.handler(() => []),
      doctor: os.system.doctor.handler(() => findings),
      report: os.system.report.handler(() => ({ report: '## What happened\n\n## Engines\n' })),
      repair: os.system.repair.handler(() =>
        findings.map((finding) => (finding.outcome === 'restorable' ? { ...finding, outcome: 'repaired' as const } : finding)),
      ),
      info: os.system.info.handler(() => ({
        version: '0.0.0',
        door: 'headless' as const,
        pid: process.pid,
        platform: 'linux',
        arch: 'x64',
        startedAt: '2026-01-01T00:00:00.000Z',
        home: home ?? '/nowhere',
        sshKeyPath: '/home/me/.config/berth/ssh/id_ed25519',
        sshConfigPath: '/home/me/.config/berth/ssh/config',
        secretKeyPath: '/home/me/.config/berth/secret-key',
      })),
      quit: os.system.quit.handler(() => {
        calls.push('quit')
        setImmediate(() => {
          for (const socket of sockets.clients) socket.close()
        })
        return { pid: ENDED_PID }
      }),
    },
  })
  const operation = (id: string) => {
    const found = operations.get(id)
    if (found === undefined) throw new BerthError('OPERATION_NOT_FOUND', 'No such operation.', { operationId: id, next: 'List them.' })
    return found
  }

  const handler = new RPCHandler(router)
  const attach = (socket: WebSocket, id: string) => {
    const session = sessions.get(id)
    if (session === undefined) return socket.close(4404)
    streams.set(id, (streams.get(id) ?? new Set()).add(socket))
    playSession(socket, session.command, received)
  }
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => WEBSOCKET_PROTOCOL })
  const server = createServer((request, response) => {
    if (request.headers.authorization === `Bearer ${token}`) void files.serve(request, response)
    else response.writeHead(401).end()
  })
  server.on('upgrade', (request, socket, head) => {
    if (!request.headers['sec-websocket-protocol']?.split(/,\s*/).includes(token)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const path = request.url ?? ''
      if (path === RPC_PATH) void handler.upgrade(webSocket)
      else attach(webSocket, path.slice(STREAM_PATH.length))
    })
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (home !== null) await writeFile(join(home, DOOR_FILE), JSON.stringify({ pid: process.pid, url, token, version: '1.2.3' }))
  return {
    url,
    token,
    workspaces,
    adoptables,
    engines,
    swarms: swarms.used,
    damagedFiles,
    findings,
    files: files.stored,
    calls,
    events,
    show: (shown) => void operations.set(shown.id, shown),
    received,
    hold: () => {
      if (holding) throw new Error('Held already.')
      holding = true
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => {
        holding = false
        release()
      }
    },
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
