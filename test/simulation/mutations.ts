// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of source files.

/** A fault that is put into Berth for a run of the simulation, which must find it. */
export interface Mutation {
  name: string
  /** Looked for in seeds with several engines only. */
  isOfSeveral?: boolean
  /** What is replaced in which file of `src`. Each text must be there exactly once. */
  edits: readonly { file: string; find: string; replace: string }[]
}

const edit = (file: string, find: string, replace: string) => ({ file: `src/main/${file}`, find, replace })

const RESOURCES = 'workspaces/base/workspace-resources.ts'
const OWN_CONTAINERS = 'workspaces/base/own-containers.ts'
const RUN = 'operations/operation-run.ts'
const OPERATIONS = 'operations/operations.ts'
const DISK_COPY = 'workspaces/lifecycle/disk-copy.ts'
const SWITCH = 'workspaces/lifecycle/container-switch.ts'
const LIMITS = 'workspaces/lifecycle/limit-changes.ts'
const POOL = 'storage/drivers/btrfs-pool.ts'
const RELOCATION = 'workspaces/copies/relocation.ts'
const TRANSFER = 'workspaces/lifecycle/disk-transfer.ts'

const helperNames = [
  edit(RESOURCES, 'return `workspace-${name}.replacement`', 'return `workspace-${name}-replacement`'),
  edit(RESOURCES, 'return `workspace-${name}.previous`', 'return `workspace-${name}-previous`'),
]
const skippedRename = edit(OWN_CONTAINERS, "if (taken) throw foreign('container', name)\n  if ((await", 'if (taken) return\n  if ((await')
const removedByName = edit(
  SWITCH,
  'if (former) await engine.containers.remove(former.id)',
  'const named = await engine.containers.inspect(`workspace-${input.name}-previous`)\n  if (named) await engine.containers.remove(named.id)',
)

/** The faults that people had, one by one, and others like them. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'former fault 1: helper names collide, a taken name is skipped, removal by name',
    edits: [...helperNames, skippedRename, removedByName],
  },
  {
    name: 'former fault 2: a cancel is decided late, and leaves the commit step out',
    edits: [
      edit(RUN, 'if (!this.#committed) this.#abort.abort()\n', 'if (true) this.#abort.abort()\n'),
      edit(
        RUN,
        'if (!this.#committed) this.#abort.signal.throwIfAborted()\n      if (step.followUp',
        'this.#abort.signal.throwIfAborted()\n      if (step.followUp',
      ),
      edit(RUN, 'const isOver = this.#committed && ', 'const isOver = this.#abort.signal.aborted || this.#committed && '),
    ],
  },
  {
    name: 'former fault 2: a commit step that failed is not tried again',
    edits: [
      edit(RUN, 'if (this.#committed && !isOver && !nothingOfItStands) return failure', 'const stands = this.#committed'),
      edit(RUN, "this.#phase = isOver ? 'ending'", "this.#phase = isOver || stands ? 'ending'"),
    ],
  },
  {
    name: 'former fault 2: recovery goes on one step too far',
    edits: [
      edit(
        'operations/recovery.ts',
        'start: { stepIndex, undoing, memory } }',
        'start: { stepIndex: Math.min(stepIndex + 1, definition.steps.length - 1), undoing, memory } }',
      ),
    ],
  },
  {
    name: 'former fault 2: inputs are read before the lock is held',
    edits: [
      edit(
        OPERATIONS,
        '    async begin(definition, subject, prepare) {\n',
        '    async begin(definition, subject, prepare) {\n      const early = await prepare()\n',
      ),
      edit(OPERATIONS, 'definition.input.parse(await prepare())', 'definition.input.parse(early)'),
    ],
  },
  {
    name: 'former fault 3: a container that is gone is made again without a word',
    edits: [edit('workspaces/lifecycle/start-steps.ts', 'if (!container && !input.recreate) await assertWhole(services, record)', '')],
  },
  {
    name: 'former fault 3: the sweep of the pool does not ask the records',
    edits: [edit(POOL, 'if (!(await restoreVolume(name))) await manager', 'await manager')],
  },
  {
    name: 'the pool is removed with what the engine has lost its volumes of',
    edits: [edit(POOL, ', ...(await pool.subvolumes())])', '])')],
  },
  {
    name: 'former fault 6: ready() waits without end when the list fails',
    edits: [
      edit('workspaces/base/engine-sync.ts', 'if (!isConnected()) return', 'if (isCurrent()) return'),
      edit('workspaces/base/engine-sync.ts', "deadline.addEventListener('abort', () => resolve(), { once: true })", ''),
    ],
  },
  {
    name: 'former fault 7: of two limits changed at once the first is lost',
    edits: [
      edit(LIMITS, 'changeConfiguration(current, {', 'changeConfiguration(current && given, {'),
      edit('workspaces/workspaces.ts', 'else await operations.whileIdle(id, change)', 'else await change()'),
    ],
  },
  {
    name: 'former fault 7: an id given to start is taken for a name',
    edits: [
      edit('workspaces/workspaces.ts', 'records.findByName(options.name) ?? records.get(options.name)', 'records.findByName(options.name)'),
    ],
  },
  {
    name: 'former fault 7: a watch of ports that ended with the engine does not go on',
    edits: [
      edit('ports/workspace-watch.ts', 'const MOST_FAILURES = 7', 'const MOST_FAILURES = 0'),
      edit('ports/listener-watches.ts', 'if (isThere(id)) watch?.retry()', 'void [isThere, id, watch]'),
      edit('ports/workspace-watch.ts', 'if (!isThere) {', '{'),
    ],
  },
  {
    name: 'limits in doubt are not settled',
    edits: [
      edit(LIMITS, '        await settle(id).catch((failure: unknown) => notSettled(id, failure, FIRST_RETRY_MS))\n', ''),
      edit(LIMITS, 'if (limitsInDoubt && isThere(id)) settleLater(id, 0)', 'void [id, limitsInDoubt, isThere]'),
    ],
  },
  {
    name: 'a copy leaves its volumes when it is taken back',
    edits: [edit(DISK_COPY, '  await removeOwnVolume(services, owner, target.volumes.home, context)\n', '')],
  },
  {
    name: 'a copy leaves its layer when it is taken back',
    edits: [
      edit(DISK_COPY, '  await removeLayers(services.engine, { id: target.layerId })\n}', '}'),
      edit('workspaces/copies/clone.ts', 'await removeLayers(engine, input)', 'void engine'),
    ],
  },
  {
    name: 'a reservation is not taken back',
    edits: [edit('workspaces/lifecycle/reserve-step.ts', '      await records.remove(id)\n', '')],
  },
  {
    name: 'a switch is not taken back',
    edits: [edit(SWITCH, '      if (former) await renameContainer(engine, former.id, containerName(input.name))\n', '')],
  },
  {
    name: 'a volume with the right name is taken for the workspace’s own',
    edits: [edit('workspaces/base/owned-resources.ts', 'if (volume.labels[LABEL_ID] === ownerId) return true', 'return true')],
  },
  {
    name: 'a container with the right name is taken for the workspace’s own',
    edits: [edit(OWN_CONTAINERS, "if (named && named.labels[LABEL_ID] !== owner.id) throw foreign('container', named.name)", '')],
  },
  { name: 'a rename skips a name that is taken', edits: [skippedRename] },
  {
    name: 'operations on one workspace run at once',
    edits: [edit(OPERATIONS, 'if (busy) throw busyError(busy)\n      const operation', 'const operation')],
  },
  {
    name: 'the source of a clone is not held',
    edits: [edit('workspaces/copies/copies.ts', 'involves: [{ workspaceId: originalId, exclusive: stop }]', 'involves: []')],
  },
  {
    name: 'the journal is not written before a step',
    edits: [
      edit(
        RUN,
        '      await this.#write(step.name, false)\n    } catch (error) {\n      // The entry',
        '    } catch (error) {\n      // The entry',
      ),
    ],
  },
  {
    name: 'the end of an operation is not journaled',
    edits: [edit(RUN, 'await this.#surroundings.journal.finish(this.#entryOf(ended, null))', '')],
  },
  {
    name: 'what waits is not tried again',
    edits: [
      edit(OPERATIONS, 'timer(run.retryDelay, () => proceed(run)),', '() => undefined,'),
      edit(OPERATIONS, 'for (const run of [...parked.values()]) if (isMeant(run.operation.kind, run.places)) proceed(run)', ''),
    ],
  },
  {
    name: 'a copy of what runs does not stand still',
    edits: [edit(DISK_COPY, 'freeze: runs && !container.wasPaused ?', 'freeze: runs === undefined ?')],
  },
  {
    name: 'what was installed is not copied',
    edits: [
      edit(
        DISK_COPY,
        'if (source.container) await keepLayer(engine, source.container.id, targetLayer)',
        "if (source.container) await engine.images.tag('berth:latest', targetLayer)",
      ),
    ],
  },
  {
    name: 'the state before a restore is not kept',
    edits: [
      edit(
        'workspaces/copies/restore.ts',
        '  if (keepAs && !records.snapshots.get(keepAs.id)) await keepStateBefore(services, keepAs, input, context)\n',
        '',
      ),
    ],
  },
  {
    name: 'a restore begins with the latest snapshot instead of the one asked for',
    edits: [edit('workspaces/copies/copies.ts', 'find(({ id, name }) => name === reference || id === reference)', 'at(-1)')],
  },
  {
    name: 'a delete leaves the snapshots',
    edits: [edit('workspaces/lifecycle/lifecycle.ts', '      snapshotRemovalStep(services),\n', '')],
  },
  {
    name: 'a rename does not reach the record',
    edits: [edit('workspaces/lifecycle/rename.ts', '    await records.patch(id, { name: newName })\n', '')],
  },
  {
    name: 'the end of a container is not heard',
    edits: [
      edit(
        'workspaces/base/registry.ts',
        'update(workspaceId, { running: false, paused: false, ready: false, unexpectedExit: asked ? null : exitCode })',
        '',
      ),
    ],
  },
  {
    name: 'clients are not told of a snapshot that is gone',
    edits: [edit('workspaces/lifecycle/snapshots.ts', "  emit({ type: 'snapshot-removed', snapshotId })\n", '')],
  },
  {
    name: 'a port is given twice',
    edits: [
      edit('ports/port-allocator.ts', '    reserved.add(port)\n', ''),
      edit('ports/port-allocator.ts', '!recorded.has(port) && ', ''),
    ],
  },
  {
    name: 'a name is given twice',
    edits: [edit('workspaces/base/name-reservations.ts', 'if (known.findByName(name) || names.has(name)) throw nameTaken(name)', '')],
  },
  {
    name: 'a failed watch of readiness is not begun again',
    edits: [edit('workspaces/lifecycle/readiness-watches.ts', 'const MOST_TRIES = 10', 'const MOST_TRIES = 1')],
  },
  {
    name: 'a container that others have renamed is not known at a connection',
    edits: [
      edit(
        'workspaces/base/registry.ts',
        "if (role !== 'workspace') continue",
        "if (role !== 'workspace' || !summary.name.startsWith('workspace-')) continue",
      ),
    ],
  },
  {
    name: 'an adopted container is left',
    edits: [edit('workspaces/adoption/adoption-steps.ts', '          await engine.containers.remove(input.container.id)\n', '')],
  },
  {
    name: 'a failed adoption leaves the container under another name',
    edits: [
      edit(
        'workspaces/adoption/adoption-steps.ts',
        'if (await engine.containers.inspect(container.id)) await renameContainer(engine, container.id, container.name)',
        '',
      ),
    ],
  },
  {
    name: 'a move drops nothing of the place before',
    edits: [edit('workspaces/copies/storage-migration.ts', '          await dropPlace(services, input.id, input.previous)\n', '')],
  },
  {
    name: 'the token stays in the address of a repository',
    edits: [
      {
        file: 'src/shared/repo-url.ts',
        find: "return { url: url.replace(AUTHORITY_USER, '$1'), credential }",
        replace: 'return { url, credential }',
      },
    ],
  },
  {
    name: 'the folder of a host workspace that is taken back stays',
    edits: [
      edit('workspaces/host/host-folders.ts', 'if (identity === recall(MADE)) return rm(path, { recursive: true, force: true })', ''),
    ],
  },
  {
    name: 'a deletion takes the folder of a host workspace unasked',
    edits: [
      edit('workspaces/host/host-operations.ts', 'if (!input.removesFolder || record.created === null)', 'if (record.created === null)'),
    ],
  },
  {
    name: 'a host workspace has the name of a container',
    edits: [edit('core.ts', 'records.findByName(name) ?? records.hosts.findByName(name)', 'records.findByName(name)')],
  },
  {
    name: 'a clone of a folder is said to be whole before it is',
    edits: [
      edit(
        'workspaces/host/host-folders.ts',
        'await copyFolder(source, partial, { signal: context.signal, onProgress: context.progress })',
        'void copyFolder(source, partial, { signal: context.signal, onProgress: context.progress }).catch(() => undefined)',
      ),
    ],
  },
  {
    name: 'a dev container is taken to run in a workspace that was started again',
    edits: [
      edit(
        'workspaces/devcontainer/devcontainers.ts',
        'if (state.isRunning && (await checkRunning(current))) return',
        'if (state.isRunning) return',
      ),
      edit(
        'workspaces/devcontainer/devcontainers.ts',
        'if (isRunning && !registry.containerOf(id)?.running)',
        'if (isRunning && id === "")',
      ),
    ],
  },
  {
    name: 'several engines: the list of one clears what is known of the containers of all',
    edits: [
      edit(
        'workspaces/base/registry.ts',
        'const here = records.list().filter((record) => record.place === place)',
        'const here = records.list()',
      ),
    ],
  },
  {
    name: 'several engines: what protects one goes by the records of the local one',
    edits: [
      edit(
        'workspaces/places/engine-place.ts',
        'const records = recordsIn(options.records, id)',
        "const records = recordsIn(options.records, 'local')",
      ),
    ],
  },
  {
    name: 'several engines: operations are resumed when whichever engine is there',
    edits: [
      edit(
        'workspaces/base/engine-sync.ts',
        'operations.resume((_, places) => places.includes(place) && places.every(isThere))',
        'operations.resume()',
      ),
    ],
  },
  {
    name: 'several engines: whatever is begun waits for all of them',
    edits: [edit('workspaces/workspaces.ts', 'await places.of(before).ready()', 'for (const { ready } of places.list()) await ready()')],
  },
  {
    name: 'between engines: the source goes before the target has started',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        '{ image: input.layer, sshPort }, context)\n',
        '{ image: input.layer, sshPort }, context)\n          for (const { id } of await allContainersOf(here.engine, input)) await here.engine.containers.remove(id)\n          await dropPlace(here, input.id, input.previous)\n',
      ),
    ],
  },
  {
    name: 'between engines: the record is switched before the copy is whole',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        'await transfer(input).volumes({ from: input.source.volumes, to: input.next.volumes }, { ...context, final: true })\n',
        '',
      ),
    ],
  },
  {
    name: 'between engines: it runs on both',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '      stopBeforeSwitchStep(here),\n', '')],
  },
  {
    name: 'between engines: nothing is removed from the engine before',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        '  for (const { id } of await allContainersOf(engine, input)) await engine.containers.remove(id)\n  await dropPlace(here, input.id, input.previous)\n',
        '',
      ),
    ],
  },
  {
    name: 'between engines: the snapshots are left behind',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        '      for (const snapshot of moved(input)) await addSnapshot(here, { ...snapshot, place: input.to, storage: input.next.storage })\n',
        '',
      ),
    ],
  },
  {
    name: 'between engines: clients are not told where the snapshots are',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        'await addSnapshot(here, { ...snapshot, place: input.to, storage: input.next.storage })',
        'await records.snapshots.put({ ...snapshot, place: input.to, storage: input.next.storage })',
      ),
    ],
  },
  {
    name: 'between engines: the layer of a snapshot is not sent',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '  await transfer.image(snapshotLayer(snapshot.id), context)\n', '')],
  },
  {
    name: 'between engines: snapshots that are not to move stay',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '    if (input.dropSnapshots) await forgetSnapshot(here, snapshot.id)\n', '')],
  },
  {
    name: 'between engines: a move that is taken back leaves volumes there',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '          await dropPlace(there(input), input.id, input.next, context)\n', '')],
  },
  {
    name: 'between engines: a move that is taken back leaves snapshots there',
    isOfSeveral: true,
    edits: [
      edit(RELOCATION, 'await removeSnapshotData(there(input), { ...snapshot, storage: input.next.storage }, context)', 'void snapshot'),
    ],
  },
  {
    name: 'between engines: a move that is taken back leaves its layer there',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '          await there(input).engine.images.remove(input.layer)\n', '')],
  },
  {
    name: 'between engines: a move that is taken back does not start it again',
    isOfSeveral: true,
    edits: [
      edit(RELOCATION, 'undo: (input, context) => startFormerAgain(here, input, context),', 'undo: async () => void startFormerAgain,'),
    ],
  },
  {
    name: 'between engines: a move that is taken back leaves the record there',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '        place: input.place,\n', '')],
  },
  {
    name: 'between engines: it does not start where it has moved to',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '      thereIfRan(there, here, startStep(here)),\n', '')],
  },
  {
    name: 'between engines: what has stood still is started',
    isOfSeveral: true,
    edits: [edit(RELOCATION, "      if (!context.input.wasRunning) return context.skip('The workspace stays stopped.')\n", '')],
  },
  {
    name: 'between engines: it gets another port',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        'if (input.sshPort !== null && (await ports.canBind(input.sshPort, engine))) return skip',
        'if (input.sshPort === null) return skip',
      ),
    ],
  },
  {
    name: 'between engines: helpers are left at work when a session fails',
    isOfSeveral: true,
    edits: [
      edit('storage/between-engines/volume-session.ts', '    await Promise.all([kill(source.helper), kill(target.helper)])\n', ''),
      edit('storage/between-engines/volume-session.ts', 'within(GRACE_MS, target.exit), kill(source.helper)])', 'source.exit])'),
      edit(TRANSFER, '      await endHelpers(from, workId)\n      await endHelpers(to, workId)\n', '      void endHelpers\n'),
    ],
  },
  {
    name: 'between engines: the source of a clone is not held still for the last part',
    isOfSeveral: true,
    edits: [
      edit(
        DISK_COPY,
        'await from.freezer.freeze(container.id, () => transfer.volumes(pair, { ...control, final: true }))',
        'await transfer.volumes(pair, { ...control, final: true })',
      ),
    ],
  },
  {
    name: 'between engines: the layer of a clone stays with its source',
    isOfSeveral: true,
    edits: [edit(DISK_COPY, '  await engine.images.remove(targetLayer)\n', '')],
  },
  {
    name: 'between engines: a move is taken up as soon as one of both is there',
    isOfSeveral: true,
    edits: [edit('workspaces/base/engine-sync.ts', ' && places.every(isThere)', ' || places.every(isThere)')],
  },
  {
    name: 'between engines: images that have lost their name are left',
    isOfSeveral: true,
    edits: [
      edit(
        RELOCATION,
        '          await removeUnnamedLayers(there(input).engine, input)\n          await removeUnnamedLayers(here.engine, input)\n',
        '',
      ),
      edit(RELOCATION, '  await removeUnnamedLayers(engine, input)\n', ''),
    ],
  },
  {
    name: 'between engines: the network of a move that is taken back is left',
    isOfSeveral: true,
    edits: [edit(RELOCATION, '          network.onWorkspaceRemoved(input.id)\n', '          void network\n')],
  },
]
