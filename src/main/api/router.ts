import { implement, ORPCError, ValidationError } from '@orpc/server'
import { INIT_LOG_LINES } from '../../shared/contract/compatibility'
import { PLAIN_OPERATIONS } from '../../shared/contract/workspaces'
import { DOWNLOAD_PATH } from '../../shared/door-addresses'
import { errorStatus } from '../../shared/error-definitions'
import { BerthError, isBerthError } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import { LOCAL_PLACE } from '../settings/records'
import { unexpectedError } from '../unexpected-error'
import { hasFailed, problemToError, type StartedOperation } from '../workspaces/base/started-operation'
import type { ApiServices } from './api-services'
import { shellCommand } from './compatibility'
import { eventStream, watchOperation } from './event-stream'
import { strictContract } from './strict-contract'

/** What the process around the core can be asked for. */
export interface ProcessControl {
  /** Ends Berth after the answer is out. */
  quit(): void
}

/** The contract, answered by the core. Nothing is decided here: input is checked, errors are passed on, services do the work. */
export function createRouter(core: ApiServices, control: ProcessControl) {
  const upkeep = (engine: string | undefined) => core.engines.find(engine).upkeep
  const os = implement(strictContract).use(async ({ next }) => {
    try {
      return await next()
    } catch (error) {
      throw toProcedureError(error)
    }
  })

  /** The operation as it is or, to wait for, as it ended; its failure is thrown. */
  async function ended(operation: Operation, wait: boolean): Promise<Operation> {
    if (!wait) return operation
    const end = await core.operations.whenDecidable(operation.id)
    if (hasFailed(end)) throw problemToError(end)
    return end
  }

  async function answer(begun: StartedOperation, wait: boolean): Promise<StartedOperation> {
    if (!wait) return begun
    const operation = await ended(begun.operation, wait)
    const workspace = core.workspaces.list().find(({ id }) => id === begun.workspace.id) ?? begun.workspace
    return { operation, workspace }
  }

  const plain = PLAIN_OPERATIONS.map((name) => {
    const procedure = os.workspaces[name].handler(async ({ input }) => answer(await core.workspaces[name](input.workspace), input.wait))
    return [name, procedure] as const
  })
  type Plain = (typeof plain)[number]

  return os.router({
    workspaces: {
      list: os.workspaces.list.handler(() => core.workspaces.list()),
      get: os.workspaces.get.handler(({ input }) => core.workspaces.get(input.workspace)),
      create: os.workspaces.create.handler(async ({ input }) => answer(await core.workspaces.create(input), input.wait)),
      importGithub: os.workspaces.importGithub.handler(async ({ input: { wait, ...input }, signal }) =>
        answer(await core.workspaces.importGithub(input, signal ?? new AbortController().signal), wait),
      ),
      start: os.workspaces.start.handler(async ({ input }) => answer(await core.workspaces.start(input), input.wait)),
      stop: os.workspaces.stop.handler(async ({ input }) =>
        answer(await core.workspaces.stop(input.workspace, { now: input.now }), input.wait),
      ),
      keepRunning: os.workspaces.keepRunning.handler(({ input }) => core.keepRunning(input.workspace)),
      ...(Object.fromEntries(plain) as { [Name in Plain[0]]: Plain[1] }),
      delete: os.workspaces.delete.handler(async ({ input }) => answer(await core.workspaces.delete(input.workspace, input), input.wait)),
      sync: os.workspaces.sync.handler(async ({ input }) => answer(await core.workspaces.sync(input.workspace, input), input.wait)),
      clone: os.workspaces.clone.handler(async ({ input }) => answer(await core.workspaces.clone(input.workspace, input), input.wait)),
      rename: os.workspaces.rename.handler(({ input }) => core.workspaces.rename(input.workspace, input.name)),
      move: os.workspaces.move.handler(async ({ input }) => answer(await core.storageMigrations.move(input.workspace, input), input.wait)),
      relocate: os.workspaces.relocate.handler(async ({ input }) =>
        answer(await core.relocations.move(input.workspace, input), input.wait),
      ),
      rebuild: os.workspaces.rebuild.handler(async ({ input }) => answer(await core.rebuilds.rebuild(input.workspace, input), input.wait)),
      rebuildPreview: os.workspaces.rebuildPreview.handler(({ input, signal }) =>
        core.rebuilds.preview(input.workspace, input, signal ?? new AbortController().signal),
      ),
      update: os.workspaces.update.handler(({ input }) => core.workspaces.update(input.workspace, input)),
      setRepoCredential: os.workspaces.setRepoCredential.handler(async ({ input }) => {
        await core.workspaces.setRepoCredential(input.workspace, input.credential)
        return {}
      }),
      trustRepoHost: os.workspaces.trustRepoHost.handler(async ({ input }) => {
        await core.workspaces.trustRepoHost(input.workspace, input.fingerprint)
        return {}
      }),
      environment: os.workspaces.environment.handler(({ input }) => core.workspaces.environment(input.workspace, input)),
      export: os.workspaces.export.handler(async ({ input }) => {
        const { operation, file } = await core.archives.export(input.workspace, input)
        return { operation: await ended(operation, input.wait), file }
      }),
      import: os.workspaces.import.handler(async ({ input }) => {
        const { operation } = await core.archives.import(input)
        return { operation: await ended(operation, input.wait) }
      }),
      adoptable: os.workspaces.adoptable.handler(() => core.adoption.list()),
      adopt: os.workspaces.adopt.handler(async ({ input }) => answer(await core.adoption.adopt(input.name, input), input.wait)),
      deletionPreview: os.workspaces.deletionPreview.handler(({ input }) => core.workspaces.deletionPreview(input.workspace)),
      repositories: os.workspaces.repositories.handler(({ input, signal }) => core.workspaces.repositories(input.workspace, signal)),
      exec: os.workspaces.exec.handler(({ input, signal }) => core.workspaces.exec(input.workspace, input, signal)),
      execStream: os.workspaces.execStream.handler(({ input, signal }) =>
        typedErrors(core.workspaces.execStream(input.workspace, input, signal)),
      ),
      logs: os.workspaces.logs.handler(({ input, signal }) => typedErrors(core.logs.read(input, signal ?? new AbortController().signal))),
    },
    compatibility: {
      exec: os.compatibility.exec.handler(async ({ input: { workspace, command }, signal }) => {
        const options = { command: shellCommand(command), user: 'workspace', start: true, encoding: 'utf8' as const }
        const { exitCode, timedOut, stdout, stderr } = await core.workspaces.exec(workspace, options, signal)
        return { exit_code: exitCode, stdout, stderr, timed_out: timedOut }
      }),
      importGithub: os.compatibility.importGithub.handler(({ input, signal }) =>
        core.workspaces.importGithub({ repository: input.github_repo }, signal ?? new AbortController().signal),
      ),
      initLog: os.compatibility.initLog.handler(async ({ input, signal = new AbortController().signal }) => {
        const lines = await core.logs.lastLines(input.workspace, 'init', INIT_LOG_LINES, signal)
        return { log: lines.map(({ text }) => `${text}\n`).join('') }
      }),
    },
    devcontainers: {
      status: os.devcontainers.status.handler(({ input }) => core.devcontainers.status(input.workspace)),
      up: os.devcontainers.up.handler(async ({ input }) =>
        answer(await core.devcontainers.up(input.workspace, { path: input.path, rebuild: false }), input.wait),
      ),
      rebuild: os.devcontainers.rebuild.handler(async ({ input }) =>
        answer(await core.devcontainers.up(input.workspace, { path: input.path, rebuild: true }), input.wait),
      ),
      stop: os.devcontainers.stop.handler(async ({ input }) => answer(await core.devcontainers.stop(input.workspace), input.wait)),
    },
    snapshots: {
      list: os.snapshots.list.handler(({ input, signal }) =>
        core.copies.listSnapshots(input.workspace, { measure: input.measure, signal }),
      ),
      create: os.snapshots.create.handler(async ({ input }) => {
        const { operation, snapshot } = await core.copies.createSnapshot(input.workspace, input.name)
        return { operation: await ended(operation, input.wait), snapshot }
      }),
      restore: os.snapshots.restore.handler(async ({ input }) =>
        answer(await core.copies.restore(input.workspace, input.snapshot, input), input.wait),
      ),
      restoreAs: os.snapshots.restoreAs.handler(async ({ input }) =>
        answer(await core.copies.restoreAs(input.workspace, input.snapshot, input), input.wait),
      ),
      delete: os.snapshots.delete.handler(async ({ input }) => {
        const { operation } = await core.copies.deleteSnapshot(input.workspace, input.snapshot)
        return { operation: await ended(operation, input.wait) }
      }),
    },
    storage: {
      info: os.storage.info.handler(({ input }) => upkeep(input.engine).storageSettings.info()),
      enable: os.storage.enable.handler(({ input }) => upkeep(input.engine).storageSettings.enable(input.sizeBytes)),
      disable: os.storage.disable.handler(({ input }) => upkeep(input.engine).storageSettings.disable()),
      usage: os.storage.usage.handler(({ input, signal = new AbortController().signal }) => upkeep(input.engine).usages.measure(signal)),
      cleanupPreview: os.storage.cleanupPreview.handler(({ input, signal = new AbortController().signal }) =>
        upkeep(input.engine).cleanup.preview(signal),
      ),
      cleanup: os.storage.cleanup.handler(async ({ input }) => {
        const { operation } = await core.cleanup.begin(core.engines.find(input.engine).place.id, input.ids)
        return { operation: await ended(operation, input.wait) }
      }),
    },
    operations: {
      list: os.operations.list.handler(({ input }) => core.operations.list(input.workspaceId)),
      get: os.operations.get.handler(({ input }) => core.operations.get(input.operationId)),
      watch: os.operations.watch.handler(({ input, signal }) => {
        core.operations.get(input.operationId)
        return typedErrors(watchOperation(core, input.operationId, signal))
      }),
      cancel: os.operations.cancel.handler(({ input }) => core.operations.cancel(input.operationId)),
      retry: os.operations.retry.handler(({ input }) => core.operations.retry(input.operationId)),
      accept: os.operations.accept.handler(({ input }) => core.operations.accept(input.operationId)),
    },
    terminals: {
      list: os.terminals.list.handler(({ input }) =>
        core.terminals.list(input.workspace === undefined ? undefined : core.workspaces.get(input.workspace).id),
      ),
      open: os.terminals.open.handler(({ input }) => core.terminals.open(input)),
      update: os.terminals.update.handler(({ input }) => core.terminals.rename(input.sessionId, input.name)),
      restart: os.terminals.restart.handler(({ input }) => core.terminals.restart(input.sessionId)),
      signal: os.terminals.signal.handler(({ input }) => core.terminals.signal(input.sessionId, input.signal)),
      close: os.terminals.close.handler(({ input }) => core.terminals.close(input.sessionId)),
      nestedContainers: os.terminals.nestedContainers.handler(({ input, signal }) =>
        core.terminals.nestedContainers(input.workspace, signal),
      ),
      layouts: {
        get: os.terminals.layouts.get.handler(({ input }) => core.terminalLayouts.get(core.workspaces.get(input.workspace).id)),
        set: os.terminals.layouts.set.handler(({ input }) =>
          core.terminalLayouts.set(core.workspaces.get(input.workspace).id, input.tabs, input.activeTab),
        ),
      },
    },
    stats: {
      watch: os.stats.watch.handler(({ input, signal }) => {
        const { containerId, place } = core.workspaces.runningContainer(input.workspace, { isUse: false })
        return typedErrors(core.engines.at({ place }).upkeep.stats.watch(containerId, signal ?? new AbortController().signal))
      }),
      processes: os.stats.processes.handler(({ input }) => core.workspaces.processes(input.workspace)),
    },
    ports: {
      list: os.ports.list.handler(({ input }) => core.workspaces.ports(input.workspace)),
      watch: os.ports.watch.handler(({ input, signal }) => {
        const id = core.workspaces.withForwards(input.workspace)
        return typedErrors(core.forwards.watch(id, signal ?? new AbortController().signal))
      }),
      add: os.ports.add.handler(({ input }) => core.forwards.add(core.workspaces.withForwards(input.workspace), input)),
      remove: os.ports.remove.handler(({ input }) => core.forwards.remove(core.workspaces.withForwards(input.workspace), input)),
      proxy: os.ports.proxy.handler(({ input, signal }) => {
        const id = core.workspaces.withForwards(input.workspace)
        return typedErrors(core.forwards.proxy(id, input.forwards, signal ?? new AbortController().signal))
      }),
    },
    logs: {
      sources: os.logs.sources.handler(({ input }) => core.logs.sources(input.workspace)),
      open: os.logs.open.handler(({ input }) => core.logs.open(input)),
    },
    debug: { report: os.debug.report.handler(({ input }) => core.debugReports.of(input.workspace)) },
    files: {
      list: os.files.list.handler(({ input, signal }) => core.files.list(input.workspace, input.path, signal)),
      stat: os.files.stat.handler(({ input }) => core.files.stat(input.workspace, input.path)),
      preview: os.files.preview.handler(({ input, signal }) => core.files.preview(input.workspace, input.path, signal)),
      makeFolder: os.files.makeFolder.handler(({ input }) => core.files.makeFolder(input.workspace, input.path)),
      rename: os.files.rename.handler(({ input }) => core.files.rename(input.workspace, input.path, input.newPath)),
      delete: os.files.delete.handler(({ input }) => core.files.delete(input.workspace, input.path)),
      openUpload: os.files.openUpload.handler(({ input }) => core.files.openUpload(input)),
      openDownload: os.files.openDownload.handler(async ({ input }) => {
        const { id } = await core.files.openDownload(input.workspace, input.path)
        return { address: `${DOWNLOAD_PATH}${id}` }
      }),
    },
    images: {
      list: os.images.list.handler(({ input }) => upkeep(input.engine).imageList.list()),
      remove: os.images.remove.handler(async ({ input }) => {
        await upkeep(input.engine).imageList.remove(input.imageId)
        return {}
      }),
      resolve: os.images.resolve.handler(({ input, signal }) =>
        core.engines.find(input.engine).place.images.resolve({ image: input.reference ?? null, distro: input.distro ?? null }, signal),
      ),
      build: os.images.build.handler(async ({ input }) => ended(await core.buildImage(input), input.wait)),
      buildLog: os.images.buildLog.handler(async () => ({ lines: await core.imageBuildLog.read() })),
    },
    library: {
      index: os.library.index.handler(() => core.library.index()),
      status: os.library.status.handler(() => core.library.repository.status()),
      log: os.library.log.handler(({ input }) => core.library.repository.log(input.limit)),
      show: os.library.show.handler(({ input }) => core.library.show(input.kind, input.id)),
      readFile: os.library.readFile.handler(({ input }) => core.library.readFile(input.path)),
      writeFile: os.library.writeFile.handler(({ input }) => core.library.writeFile(input)),
      check: os.library.check.handler(({ input }) => core.library.check(input.text)),
      diff: os.library.diff.handler(({ input }) => core.library.diff(input.path)),
      init: os.library.init.handler(() => core.library.repository.init()),
      clone: os.library.clone.handler(({ input }) => core.library.repository.clone(input.url)),
      commit: os.library.commit.handler(({ input }) => core.library.repository.commit(input.message)),
      pull: os.library.pull.handler(({ input }) => core.library.repository.pull(input.how)),
      push: os.library.push.handler(() => core.library.repository.push()),
      abort: os.library.abort.handler(() => core.library.repository.abortMerge()),
      continue: os.library.continue.handler(() => core.library.repository.continueMerge()),
      saveTemplate: os.library.saveTemplate.handler(({ input: { workspace, ...options } }) => core.fileTemplates.save(workspace, options)),
      changes: os.library.changes.handler(({ input }) => core.fileTemplates.changes(input.workspace)),
      apply: os.library.apply.handler(async ({ input }) => {
        const { started, ...applied } = await core.fileTemplates.apply(input.workspace)
        return { ...applied, started: started && (await answer(started, input.wait)) }
      }),
    },
    engines: {
      list: os.engines.list.handler(() => core.engines.list()),
      found: os.engines.found.handler(() => core.engines.found()),
      add: os.engines.add.handler(({ input }) => core.engines.add(input)),
      test: os.engines.test.handler(({ input }) => core.engines.test(input)),
      get: os.engines.get.handler(({ input }) => core.engines.get(input.engine)),
      use: os.engines.use.handler(({ input }) => core.engines.use(input.engine)),
      remove: os.engines.remove.handler(async ({ input }) => {
        await core.engines.remove(input.engine)
        return {}
      }),
      trust: os.engines.trust.handler(async ({ input }) => {
        await core.engines.trust(input.address, input.fingerprint)
        return {}
      }),
      reconnect: os.engines.reconnect.handler(({ input }) => core.engines.reconnect(input.engine)),
    },
    swarms: {
      list: os.swarms.list.handler(() => core.swarms.list()),
      get: os.swarms.get.handler(({ input }) => core.swarms.get(input.swarm)),
      add: os.swarms.add.handler(({ input }) => core.swarms.add(input)),
      update: os.swarms.update.handler(({ input: { swarm, ...given } }) => core.swarms.update(swarm, given)),
      use: os.swarms.use.handler(({ input }) => core.swarms.use(input.swarm)),
      remove: os.swarms.remove.handler(async ({ input }) => {
        await core.swarms.remove(input.swarm)
        return {}
      }),
    },
    settings: {
      get: os.settings.get.handler(() => core.settings.get()),
      environment: os.settings.environment.handler(({ input }) => core.sharedEnvironment(input)),
      update: os.settings.update.handler(async ({ input }) => {
        const before = core.settings.get().engineEndpoint
        const settings = core.settings.update(input)
        if (settings.engineEndpoint !== before) await core.engines.reconnect(LOCAL_PLACE)
        return settings
      }),
    },
    sshConfig: {
      status: os.sshConfig.status.handler(() => core.sshConfig.status()),
      print: os.sshConfig.print.handler(() => ({ text: core.sshConfig.text() })),
      install: os.sshConfig.install.handler(() => core.sshConfig.install()),
      uninstall: os.sshConfig.uninstall.handler(() => core.sshConfig.uninstall()),
    },
    events: { subscribe: os.events.subscribe.handler(({ signal }) => typedErrors(eventStream(core, signal))) },
    system: {
      doctor: os.system.doctor.handler(() => core.doctor.examine()),
      report: os.system.report.handler(async () => ({ report: await core.problemReports.create() })),
      repair: os.system.repair.handler(() => core.doctor.repair()),
      info: os.system.info.handler(() => core.info),
      damagedFiles: os.system.damagedFiles.handler(() => core.damagedFiles.list()),
      acceptDamage: os.system.acceptDamage.handler(async ({ input }) => {
        await core.damagedFiles.accept(input.setAsideAs)
        return core.damagedFiles.list()
      }),
      quit: os.system.quit.handler(() => {
        setImmediate(control.quit)
        return { pid: process.pid }
      }),
    },
  })
}

/** Errors thrown while a stream is under way do not pass the middleware. */
async function* typedErrors<Value>(source: AsyncGenerator<Value>): AsyncGenerator<Value, void, undefined> {
  try {
    yield* source
  } catch (error) {
    throw toProcedureError(error)
  }
}

/** A typed error as oRPC carries it. Anything else is a bug of Berth: logged completely, and reported with a reference to the log. */
function toProcedureError(error: unknown): unknown {
  if (error instanceof ORPCError) return error.cause instanceof ValidationError ? toProcedureError(inputInvalid(error.cause)) : error
  if (isBerthError(error)) {
    return new ORPCError(error.code, { status: errorStatus(error), message: error.message, data: error.data, cause: error })
  }
  return toProcedureError(unexpectedError(error, 'a procedure failed unexpectedly'))
}

/** What was wrong with the input, field by field. The schema's words are for a person already. */
function inputInvalid({ issues }: ValidationError): BerthError {
  const found = issues.slice(0, 20).map(({ path, message }) => ({
    path: (path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
    message,
  }))
  const words = found.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return new BerthError('INPUT_INVALID', `Invalid input. ${words}`, {
    issues: found,
    next: 'Correct it and try again.',
  })
}
