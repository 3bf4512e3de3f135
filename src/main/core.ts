import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { SystemInfo } from '../shared/contract/system'
import { showEnvironment } from '../shared/environment'
import { expandHome } from '../shared/host-path'
import { BACKGROUND_LOG_FILE } from '../shared/log-files'
import { hasEnded } from '../shared/operation-state'
import type { ApiServices } from './api/api-services'
import { agentVariables } from './credentials/agent-variables'
import type { Engine, EngineOptions } from './engine/engine'
import { createTurns } from './engine/turns'
import { createEventHub } from './event-hub'
import { createFiles } from './files/files'
import { type HostMachine, hostMachine as thisMachine } from './host/host-machine'
import { createImageBuildLog } from './images/image-build-log'
import { imageBuildDefinition } from './images/image-build-operation'
import { readBuildRequest } from './images/image-builds'
import { readContextDigests } from './images/images'
import { createLibrary } from './library/library'
import { createBuildLogs } from './logs/build-logs'
import { createLogs } from './logs/logs'
import { openJournal } from './operations/journal'
import type { FaultPoint } from './operations/operation-run'
import { createOperations } from './operations/operations'
import { openAgentLink } from './ports/agent-link'
import { createForwardedAgents } from './ports/forwarded-agents'
import { createPortAllocator } from './ports/port-allocator'
import { createPortForwards } from './ports/port-forwards'
import { replaceForwards } from './ports/replace-forwards'
import { workspaceSshServer } from './ports/workspace-ssh-server'
import { agentForwarding, forwardedSocket } from './provisioning/agent-forwarding'
import { authorizedKeys } from './provisioning/authorized-keys'
import { createGithub, GITHUB, type GithubAddress } from './provisioning/github'
import { createHostLogins } from './provisioning/host-logins'
import { hostRegion, regionVariables } from './provisioning/region'
import { createRuntimeFiles } from './provisioning/runtime-files'
import { sealRecordedSecrets } from './provisioning/seal-recorded-secrets'
import { createSshHosts } from './provisioning/ssh-hosts'
import { createUserSshConfig } from './provisioning/user-ssh-config'
import { ensurePrivateFolder } from './settings/atomic-file'
import { openDamagedFiles } from './settings/damaged-files'
import { type EngineEntry, openEngineList } from './settings/engine-list'
import { lockHome } from './settings/home-lock'
import { openInstallationId } from './settings/installation-id'
import { LOCAL_PLACE, openRecords, type WorkspaceRecord } from './settings/records'
import { openSecretVault, secretKeyPath } from './settings/secret-vault'
import { openSettings } from './settings/settings'
import { openSshKey } from './settings/ssh-key'
import { createScreens } from './terminals/screens'
import { openTerminalLayouts } from './terminals/terminal-layouts'
import { createTerminalSessions } from './terminals/terminal-sessions'
import { wireEvents } from './wire-events'
import { createAdoption } from './workspaces/adoption/adoption'
import { createAllWorkspaces } from './workspaces/all-workspaces'
import { createArchives } from './workspaces/archives/archives'
import { environmentOf } from './workspaces/base/environment'
import { createFormerVariables } from './workspaces/base/former-variables'
import { createHandOvers } from './workspaces/base/hand-overs'
import { createWorkspaceServices } from './workspaces/base/lifecycle-services'
import { createNameReservations } from './workspaces/base/name-reservations'
import { createPlaces, type Placed } from './workspaces/base/places'
import { createPromisedVolumes } from './workspaces/base/promised-volumes'
import { createRegistry } from './workspaces/base/registry'
import { createCopies } from './workspaces/copies/copies'
import { createRelocations } from './workspaces/copies/relocations'
import { createStorageMigrations } from './workspaces/copies/storage-migrations'
import { createDebugReports } from './workspaces/debug/debug-reports'
import { knownSecrets, secretValues } from './workspaces/debug/known-secrets'
import { createProblemReports } from './workspaces/debug/problem-reports'
import { createDevcontainers } from './workspaces/devcontainer/devcontainers'
import { createDoctors } from './workspaces/doctor/doctors'
import { createHostViews } from './workspaces/host/host-views'
import { createHostWorkspaces } from './workspaces/host/host-workspaces'
import { createAutoSync } from './workspaces/lifecycle/auto-sync'
import { createBroughtPorts } from './workspaces/places/brought-ports'
import type { EnginePlace } from './workspaces/places/engine-place'
import { openEngines } from './workspaces/places/engines'
import { createUpkeep, type Upkeep } from './workspaces/places/upkeep'
import { createRebuilds } from './workspaces/rebuild/rebuilds'
import { openSwarms } from './workspaces/swarms/swarms'
import { assertInLibrary } from './workspaces/templates/choose-template'
import { driftOf } from './workspaces/templates/drift'
import { createFileTemplates } from './workspaces/templates/file-templates'
import { createCleanup } from './workspaces/usage/cleanup'
import { placedCopyLimits } from './workspaces/usage/copy-limits'
import { createIdleLook } from './workspaces/usage/idle-look'
import { createIdleStops, IDLE_TIMES, type IdleTimes } from './workspaces/usage/idle-stops'
import { createLimitWatch } from './workspaces/usage/limit-watch'
import { createWorkspaces } from './workspaces/workspaces'

/** How long the end of the process waits for what is under way; the journal takes care of the rest. */
const SETTLE_MS = 5000
/** At containers of one engine, each when Berth connects. */
const LOOKS_AT_ONCE = 8

export interface CoreOptions {
  /** BERTH_HOME. */
  home: string
  door: SystemInfo['door']
  version: string
  /** Folder with the bundled Dockerfile. */
  imageContextPath: string
  /** Absolute path of the log of this process, for problem reports; `berth.log` in `home` if nothing else is said. */
  logFile?: string | undefined
  /** Absolute path of the built `terminals/screen-worker.ts`; without it the screens of terminals are kept in the core's own thread. */
  screenWorkerPath?: string | undefined
  /** Tests only: the user's home folder, with its `.ssh`. */
  userHome?: string | undefined
  /** Tests only: ssh to engines reads that file in place of the user’s and the system’s configuration. */
  sshConfig?: string | undefined
  /** Tests only: another GitHub. */
  github?: GithubAddress | undefined
  /** Tests only: an engine other than the one that is found on this machine. */
  createEngine?: ((options: EngineOptions, entry: EngineEntry) => Engine) | undefined
  /** Tests only: another machine for host workspaces. */
  hostMachine?: HostMachine | undefined
  /** Tests only: how long an hour is for idle workspaces. */
  idleTimes?: IdleTimes | undefined
  /** Tests only: where to end the process in the middle of an operation. */
  onFaultPoint?: ((point: FaultPoint) => void) | undefined
}

/** Everything Berth can do, without a door. */
export interface Core extends ApiServices {
  home: string
  /** Tests: the engine of this machine, and what looks after it. */
  local: Upkeep & Pick<EnginePlace, 'engine' | 'images'>
  /** Ends everything that Berth itself runs; workspaces keep running. */
  close(): Promise<void>
}

/** Builds every service once. Throws ALREADY_RUNNING when another Berth has that home, RECORDS_UNREADABLE when the file system refuses its files. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { home, version } = options
  const userHome = options.userHome ?? homedir()
  const hostMachine = options.hostMachine ?? thisMachine
  const now = () => new Date()
  await ensurePrivateFolder(home)
  const lock = lockHome(home)
  const damagedFiles = openDamagedFiles(home, now)
  const secrets = await openSecretVault(home, damagedFiles)
  const settings = openSettings(home, damagedFiles, secrets)
  const records = openRecords(home, damagedFiles)
  const engineList = openEngineList(home, damagedFiles)
  const [sshKey, installationId, imageDigests] = await Promise.all([
    openSshKey(home),
    openInstallationId(home, damagedFiles),
    readContextDigests(options.imageContextPath),
  ])
  await sealRecordedSecrets(secrets, records)
  const hub = createEventHub()

  /** Of the place of the workspace; only its own cleanup asks for one whose record is gone. */
  const engineOf = (workspaceId: string) => {
    const record = records.get(workspaceId)
    return record ? places.engineOf(record) : local.engine
  }
  /** The same, or this machine. */
  const machineOf = (workspaceId: string) => (records.hosts.get(workspaceId) ? hostMachine : engineOf(workspaceId))
  const forwardAgent = () => agentForwarding(settings.get().sshAgent, process.env.SSH_AUTH_SOCK)
  const sshHosts = createSshHosts({ home, engineOf, records, keyPath: sshKey.privateKeyPath, forwardAgent })
  records.onSaved(sshHosts.write)
  await sshHosts.write()
  const library = createLibrary({
    folder: () => expandHome(settings.get().libraryFolder ?? join(home, 'library'), userHome),
    starterPath: join(dirname(options.imageContextPath), 'starter-library'),
    now,
    onChange() {
      hub.emit({ type: 'library' })
      hosts.onLibrary()
      autoSync.onLibrary()
      for (const { id, libraryTemplate } of records.list()) if (libraryTemplate) registry.publish(id)
    },
  })
  const imageBuildLog = createImageBuildLog(home, now)
  const imageBuild = imageBuildDefinition((place) => engines.at({ place }).place.images, imageBuildLog)
  const operations = await createOperations({
    journal: openJournal(home),
    now,
    definitions: () => [
      ...workspaces.definitions(),
      ...copies.definitions(),
      ...archives.definitions(),
      ...cleanup.definitions(),
      ...storageMigrations.definitions(),
      ...relocations.definitions(),
      ...adoption.definitions(),
      ...rebuilds.definitions(),
      ...devcontainers.definitions(),
      imageBuild as never,
    ],
    onFaultPoint: options.onFaultPoint,
  })
  const hostViews = createHostViews({
    hosts: records.hosts,
    activeOperation: operations.activeOn,
    emit: hub.emit,
    onStopped: (workspaceId) => terminals.onWorkspaceStopped(workspaceId),
  })
  const registry = createRegistry({
    records,
    activeOperation: operations.activeOn,
    // What Berth calls and builds its images is the same everywhere.
    imageOf: (record) => local.images.nameOf(record),
    isImageOutdated: (record, labels) => local.images.isOutdatedBy(record, labels),
    storageWarning: (record) => upkeepOf(record)?.usages.warningOf(record.id) ?? null,
    engineName: ({ place }) => engineList.list().find(({ id }) => id === place)?.name ?? place,
    idleStopAt: (workspaceId) => idleStops.stopAt(workspaceId),
    templateDrift: (record) => driftOf(library, record),
    emit: hub.emit,
    onStartedOutside: (record, containerId) => containers.watchReadiness(record, containerId),
    onStopped: (workspaceId) => terminals.onWorkspaceStopped(workspaceId),
    missingVolumes: (record) => upkeepOf(record)?.losses.ofWorkspace(record.id) ?? [],
  })
  const ports = createPortAllocator({
    settings: settings.get,
    recordedPorts: () => records.list().flatMap((record) => record.sshPort ?? []),
  })
  const isIn = (place: string) => (workspaceId: string) => records.get(workspaceId)?.place === place
  const engines = openEngines({
    entries: engineList,
    settings,
    operations,
    surroundings: {
      installationId,
      records,
      registry,
      settings,
      operations,
      looks: createTurns(LOOKS_AT_ONCE),
      imageContextPath: options.imageContextPath,
      imageDigests,
      version,
      surroundings: {
        environment: process.env,
        platform: process.platform,
        homeFolder: userHome,
        berthHome: home,
        sshConfig: options.sshConfig,
      },
      createEngine: options.createEngine,
      emit: hub.emit,
      now,
      onEngineState(id) {
        const engine = engines.list().find((view) => view.id === id)
        if (engine) hub.emit({ type: 'engine', engine })
        swarms.onEngineState(id)
      },
      onNode: () => swarms.onNodes(),
      onOwnContainers: (place) => handOvers.forget(isIn(place)),
      onListed(place) {
        const { protection, losses } = engines.at({ place }).upkeep
        protection.onConnected()
        losses.lookSoon()
        terminals.onEngineBack(isIn(place))
        forwards.onEngineBack(isIn(place))
        containers.onEngineBack(isIn(place))
        for (const { id } of records.list().filter((record) => record.place === place)) void handOvers.bringUpToDate(id)
      },
      onVolumeOrImageRemoved: (place) => engines.at({ place }).upkeep.losses.lookSoon(),
      onKeeperRemoved: (place) => engines.at({ place }).upkeep.protection.onChange(),
    },
    createUpkeep: (place) =>
      createUpkeep(place, {
        services: services.at({ place: place.id }),
        operations,
        emit: hub.emit,
        async setNewStorage(driver) {
          if (place.id === LOCAL_PLACE) settings.update({ newWorkspaceStorage: driver })
          else await engineList.patch(place.id, { newWorkspaceStorage: driver })
        },
      }),
  })
  const local = engines.at({ place: LOCAL_PLACE }).place
  const swarms = openSwarms({
    installationId,
    records,
    operations,
    entries: engineList,
    settings,
    engines,
    emit: hub.emit,
    runs(record) {
      const { running, status } = registry.view(record)
      return running || status === 'starting'
    },
    async move(workspaceId, to) {
      const { operation } = await relocations.move(workspaceId, { ...to, dropSnapshots: false })
      const { error, waiting } = await operations.whenDecidable(operation.id)
      return error ?? waiting?.problem ?? null
    },
  })
  const places = createPlaces({
    list: () => engines.places(),
    forNew: () => settings.get().defaultEngine ?? LOCAL_PLACE,
    swarms,
    host: hostMachine,
  })
  /** null for an engine that is no longer in Berth. */
  const upkeepOf = ({ place }: Placed) => engines.all().find((used) => used.place.id === place)?.upkeep ?? null
  const variablesOf = (record: Parameters<typeof environmentOf>[0] & Pick<WorkspaceRecord, 'credentials'>) => {
    const { variables, lost } = environmentOf(record, settings.environment(), secrets.open)
    const ofAgents = record.credentials === 'none' ? {} : agentVariables(settings.get().codingAgents, process.env)
    return { variables: { ...ofAgents, ...variables }, lost }
  }
  const region = hostRegion(process.env, process.platform)
  const handOvers = createHandOvers({
    engineOf: places.engineOf,
    records,
    registry,
    formerVariables: createFormerVariables(),
    variablesOf: (record) => variablesOf(record).variables,
    surroundingsOf: (labels) => regionVariables(settings.get(), region, labels),
    forAll() {
      const { codingAgents, timeZone, locale } = settings.get()
      return { environment: settings.environment(), codingAgents, timeZone, locale }
    },
    secrets,
  })
  const hasSharedCredentials = (workspaceId: string) => records.get(workspaceId)?.credentials === 'shared'
  const agents = createForwardedAgents({
    agentSocket: () => forwardedSocket(settings.get().sshAgent, process.env.SSH_AUTH_SOCK),
    isAllowed: hasSharedCredentials,
    reachable(workspaceId) {
      const record = records.get(workspaceId)
      return record && record.sshPort !== null && registry.containerOf(workspaceId)?.running ? record.name : null
    },
    open(id, agentSocket, signal) {
      const { name = id, sshPort = null } = records.get(id) ?? {}
      const { privateKeyPath } = sshKey
      const server = () => {
        const containerId = registry.containerOf(id)?.containerId ?? null
        return workspaceSshServer(engineOf(id), { id, name, containerId, sshPort }, sshHosts.hostKeys)
      }
      return openAgentLink({ workspace: name, agentSocket, privateKeyPath, server }, signal)
    },
  })
  const githubToken = () => {
    const token = settings.githubToken()
    return token && secrets.open(token)
  }
  const services = createWorkspaceServices({
    places,
    installationId,
    emit: hub.emit,
    records,
    promisedVolumes: createPromisedVolumes(operations),
    registry,
    ports,
    settings: settings.get,
    secrets,
    githubToken,
    hostLogins: createHostLogins({ hosts: () => settings.get().gitCredentialHosts, userHome, now }),
    github: createGithub({ address: options.github ?? GITHUB, token: githubToken }),
    library,
    environmentOf: variablesOf,
    handOvers,
    agents,
    userHome,
    authorizedKeys: () =>
      authorizedKeys(
        sshKey.publicKey,
        join(userHome, '.ssh'),
        settings.get().authorizedKeys.map((key) => expandHome(key, userHome)),
      ),
    pinHostKeys: sshHosts.pin,
    runtimeFiles: createRuntimeFiles(dirname(options.imageContextPath)),
    reservations: swarms,
    losses: { ofSnapshot: (id) => engines.all().flatMap(({ upkeep }) => upkeep.losses.ofSnapshot(id)) },
    now,
  })
  const copyLimits = placedCopyLimits((placed) => engines.at(placed).upkeep.copyLimits)
  const nameReservations = createNameReservations(
    {
      findByName: (name) => records.findByName(name) ?? records.hosts.findByName(name),
      get: (id) => records.get(id) ?? records.hosts.get(id),
      view(id) {
        const [record, host] = [records.get(id), records.hosts.get(id)]
        if (record) return registry.view(record)
        return host && hostViews.view(host)
      },
    },
    operations,
  )
  const copies = createCopies(services, operations, nameReservations, copyLimits)
  const archives = createArchives(services, operations, nameReservations, copyLimits, version)
  const cleanup = createCleanup((place) => {
    const { place: here, upkeep } = engines.at({ place })
    return { cleanup: upkeep.cleanup, ready: here.ready }
  }, operations)
  const limitWatch = createLimitWatch(operations, records, (record) => engines.at(record).upkeep.usages)
  const storageMigrations = createStorageMigrations(services, operations)
  const relocations = createRelocations(services, operations)
  const doctor = createDoctors({ engines, operations, damagedFiles: damagedFiles.list })
  const adoption = createAdoption(services, nameReservations)
  const rebuilds = createRebuilds(services, operations, copyLimits)
  const devcontainers = createDevcontainers(services, operations, {
    replace: (id, before, wanted) => replaceForwards(forwards, id, before, wanted),
  })
  const containers = createWorkspaces(services, operations, nameReservations, copies)
  const logFolder = join(home, 'logs')
  const hosts = createHostWorkspaces({
    hosts: records.hosts,
    views: hostViews,
    machine: hostMachine,
    operations,
    nameReservations,
    settings: settings.get,
    allow: () => void settings.update({ hostWorkspaces: true }),
    library,
    entriesFolder: join(home, 'host-entries'),
    assertInLibrary: (given, before) => assertInLibrary(library, given, before),
    secrets,
    userHome,
    logFolder,
    environmentOf: (record) => environmentOf(record, settings.environment(), secrets.open).variables,
    platform: process.platform,
    now,
  })
  const workspaces = createAllWorkspaces({
    containers,
    hosts,
    copies,
    places,
    agents,
    assertDevcontainer: devcontainers.assertRunning,
    portsOf: (id) => forwards.look(id),
    machine: hostMachine,
    logFolder,
  })
  const terminals = createTerminalSessions({
    machineOf,
    sshAccess: {
      privateKeyPath: sshKey.privateKeyPath,
      forwardsAgent: (id) => hasSharedCredentials(id) && forwardAgent() === 'yes',
      knownHost: sshHosts.knownHost,
    },
    useAgent: agents.use,
    assertDevcontainer: devcontainers.assertRunning,
    resolveWorkspace: async (reference, start) => ({ ...(await workspaces.reach(reference, start)), running: true }),
    isStopping: (workspaceId) =>
      workspaces.list().some(({ id, status }) => id === workspaceId && (status === 'stopping' || status === 'deleting')),
    screens: createScreens(options.screenWorkerPath ?? null),
    scrollback: () => settings.get().terminalScrollback,
    emit: hub.emit,
    now,
  })

  const terminalLayouts = openTerminalLayouts({
    home,
    damagedFiles,
    exists: (workspaceId, sessionId) => terminals.list(workspaceId).some(({ id }) => id === sessionId),
    emit: hub.emit,
  })

  const forwards = createPortForwards({
    engineOf,
    records,
    settings: settings.get,
    privateKeyPath: sshKey.privateKeyPath,
    hostKeys: sshHosts.hostKeys,
    workspace(id) {
      const record = records.get(id)
      return record && registry.view(record)
    },
    connectedEngines: () => new Set(engines.places().flatMap(({ name, engine }) => (engine.state().status === 'connected' ? [name] : []))),
    withTerminals: () => new Set(terminals.list().flatMap(({ status, workspaceId }) => (status === 'running' ? [workspaceId] : []))),
    emit: hub.emit,
    now,
  })
  const autoSync = createAutoSync({ services, sync: (workspaceId) => workspaces.sync(workspaceId, { force: false }) })
  const idleStops = createIdleStops({
    hours: () => settings.get().idleStopHours,
    workspaces: registry.list,
    isIdle: createIdleLook({
      engineOf,
      isPaused: (id) => registry.containerOf(id)?.paused ?? true,
      terminals: terminals.list,
      operations: operations.list,
      forwards: forwards.useOf,
    }),
    turns: createTurns(LOOKS_AT_ONCE),
    publish: registry.publish,
    stop: (workspaceId, notice) => workspaces.stop(workspaceId, { now: false, notice }),
    now,
    times: options.idleTimes ?? IDLE_TIMES,
  })
  const buildLogs = createBuildLogs(home, now)
  const logs = createLogs({
    machineOf,
    buildLogs,
    resolveWorkspace: workspaces.inside,
  })
  const files = createFiles({ machineOf, resolveWorkspace: workspaces.inside })

  const info = {
    version,
    door: options.door,
    pid: process.pid,
    platform: process.platform,
    arch: process.arch,
    startedAt: now().toISOString(),
    home,
    sshKeyPath: sshKey.privateKeyPath,
    sshConfigPath: sshHosts.configPath,
    secretKeyPath: secretKeyPath(home),
  }
  const debugReports = createDebugReports({ services, operations, logs, info })
  const problemReports = createProblemReports({
    info,
    logFile: options.logFile ?? join(home, BACKGROUND_LOG_FILE),
    userHome,
    engines: engines.list,
    settings: settings.get,
    workspaces: workspaces.list,
    findings: doctor.examine,
    async secrets() {
      const shared = showEnvironment(settings.environment(), secrets.open, true).variables
      const ofHosts = records.hosts.list().map((record) => environmentOf(record, settings.environment(), secrets.open).variables)
      return [...(await knownSecrets(services, records.list())), ...[shared, ...ofHosts].flatMap(secretValues)]
    },
  })

  wireEvents({
    hub,
    settings,
    damagedFiles,
    operations,
    registry,
    hostViews,
    terminals,
    terminalLayouts,
    forwards,
    buildLogs,
    sshHosts,
    autoSync,
    idleStops,
    devcontainers,
    handOvers,
    agents,
    engines,
    broughtPorts: createBroughtPorts(),
    swarms,
    library,
  })
  // Host workspaces need no engine, and nor does what a former process has left of their operations.
  await hosts.findRunning()
  await operations.resume((kind) => kind.startsWith('host.'))
  // Which workspaces differ from their templates is shown from the beginning.
  if (records.list().some(({ libraryTemplate }) => libraryTemplate !== undefined)) library.look()
  engines.start()

  return {
    home,
    local: { ...engines.at({ place: LOCAL_PLACE }).upkeep, engine: local.engine, images: local.images },
    info,
    settings,
    sharedEnvironment: ({ reveal }) => showEnvironment(settings.environment(), secrets.open, reveal),
    damagedFiles,
    engines,
    swarms,
    operations,
    workspaces,
    keepRunning(reference) {
      const { id } = containers.runningContainer(reference, { isUse: false })
      idleStops.keepRunning(id)
      return workspaces.get(id)
    },
    copies,
    archives,
    storageMigrations,
    relocations,
    adoption,
    rebuilds,
    devcontainers,
    doctor,
    debugReports,
    problemReports,
    sshConfig: { ...createUserSshConfig(join(userHome, '.ssh', 'config'), sshHosts.configPath), text: sshHosts.text },
    cleanup,
    terminals,
    terminalLayouts,
    forwards,
    logs,
    files,
    attachStream: (streamId, channel) => ([logs, files].find(({ isOpen }) => isOpen(streamId)) ?? terminals).attach(streamId, channel),
    library,
    fileTemplates: createFileTemplates({
      services,
      forwards,
      update: workspaces.update,
      rebuild: (workspaceId, target) => rebuilds.rebuild(workspaceId, { ...target, snapshot: true, reinstall: false }),
    }),
    imageBuildLog,
    buildImage(request) {
      const { id: place, engine } = engines.find(request.engine).place
      engine.assertConnected()
      const subject = { workspaceId: null, workspaceName: null }
      return operations.begin(imageBuild, subject, () => ({ place, ...readBuildRequest(request, userHome) }))
    },
    events: {
      subscribe(listener) {
        const [stop, look] = [hub.subscribe(listener), engines.watch()]
        return () => {
          stop()
          look()
        }
      },
      snapshot: () => ({
        type: 'snapshot',
        engines: engines.list(),
        swarms: swarms.list(),
        workspaces: workspaces.list(),
        operations: operations.list().filter((operation, index) => index < 50 || !hasEnded(operation)),
        snapshots: copies.allSnapshots(),
        terminals: terminals.list(),
        terminalLayouts: terminalLayouts.list(),
        ports: forwards.all(),
        settings: settings.get(),
        adoptable: engines.places().flatMap(({ foreignWorkspaces }) => foreignWorkspaces.current()),
        damagedFiles: damagedFiles.list(),
      }),
    },
    async close() {
      settings.close()
      library.close()
      autoSync.close()
      idleStops.close()
      forwards.close()
      agents.close()
      handOvers.close()
      containers.close()
      limitWatch.close()
      logs.closeAll()
      files.closeAll()
      await terminals.closeAll()
      await terminalLayouts.settled()
      await operations.settle(SETTLE_MS)
      await buildLogs.settle()
      swarms.close()
      await engines.close()
      lock.release()
    },
  }
}
