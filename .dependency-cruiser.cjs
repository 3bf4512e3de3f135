/**
 * The rooms of the house, as in docs/architecture.md: what each may import. Everything else is an error.
 * A file that needs a neighbour it may not import is in the wrong room.
 */
const room = (name) => `^src/main/${name}/`
const shared = '^src/shared/'
/** The composition root, and the hub of events that it hands to the services. */
const core = '^src/main/core\\.ts$'
const eventHub = '^src/main/event-hub\\.ts$'
const wireEvents = '^src/main/wire-events\\.ts$'
/** The logger, the watch over long delays, and the error for what no code foresaw, for every room of the main process; and what those need who start a core. */
const log = '^src/main/(log|unexpected-error|event-loop-watch)(\\.test)?\\.ts$'
const startup = '^src/main/(berth-home|resource-paths|version)(\\.test)?\\.ts$'

const { engine, settings, operations } = { engine: room('engine'), settings: room('settings'), operations: room('operations') }
const belowWorkspaces = [
  shared,
  engine,
  settings,
  operations,
  ...['ports', 'storage', 'images', 'provisioning', 'credentials', 'library', 'terminals', 'logs', 'files', 'host'].map(room),
]
const belowApi = [...belowWorkspaces, room('workspaces')]
/** Inside `workspaces`, from the bottom up: each folder may import those below it, and no family of long operations another one. */
const { base, usage, lifecycle, protection } = {
  base: room('workspaces/base'),
  usage: room('workspaces/usage'),
  lifecycle: room('workspaces/lifecycle'),
  protection: room('workspaces/protection'),
}
const belowFamilies = [...belowWorkspaces, base, usage, lifecycle, protection, log]
const families = ['adoption', 'host', 'archives', 'copies', 'debug', 'devcontainer', 'doctor', 'rebuild', 'templates'].map((name) =>
  room(`workspaces/${name}`),
)

/** Room → what of ours it may import, besides itself. */
const rooms = {
  [shared]: [],
  [engine]: [shared, log],
  [settings]: [shared, log],
  [room('ports')]: [shared, engine, settings, log],
  [room('storage')]: [shared, engine, settings, log],
  [operations]: [shared, settings, log],
  [room('images')]: [shared, engine, settings, operations, log],
  [room('provisioning')]: [shared, engine, settings, log],
  [room('credentials')]: [shared, engine, settings, log],
  [room('library')]: [shared, settings, room('provisioning'), log],
  [room('terminals')]: [shared, engine, settings, room('host'), log],
  [room('logs')]: [shared, engine, settings, log],
  [room('files')]: [shared, engine, log],
  [room('host')]: [shared, engine, log],
  [base]: [...belowWorkspaces, log],
  [usage]: [...belowWorkspaces, base, log],
  [lifecycle]: [...belowWorkspaces, base, usage, log],
  [protection]: [...belowWorkspaces, base, log],
  ...Object.fromEntries(families.map((family) => [family, belowFamilies])),
  // An engine as a whole, with what looks after it.
  [room('workspaces/places')]: [...belowFamilies, room('workspaces/doctor')],
  // Which engine, where Swarm chooses.
  [room('workspaces/swarms')]: [...belowWorkspaces, base, room('workspaces/places'), log],
  '^src/main/workspaces/(all-)?workspaces\\.ts$': [...belowFamilies, ...families],
  [room('api')]: [...belowApi, log],
  [core]: [...belowApi, room('api'), eventHub, wireEvents, log, startup],
  [wireEvents]: [...belowApi, eventHub],
  [log]: [log],
  [eventHub]: [shared, log],
  [room('desktop')]: [shared, core, room('api'), log, startup],
  [room('headless')]: [shared, core, room('api'), log, startup],
  '^src/preload/': [shared],
  '^src/renderer/': [shared],
  '^src/cli/': [shared],
  [log]: [shared],
  [startup]: [shared],
}

const ours = '^(src|test|e2e|bench|resources)/'
const packages = (...names) => [`(^|/)node_modules/(@types/)?(${names.join('|')})(/|$)`, `^(${names.join('|')})(/|$)`]
/** These may import anything. */
const free = '^(test|e2e|bench)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([from, allowed]) => ({
      name: `room ${from.replace(/[\^\\$]/g, '').replace(/\/$/, '')}`,
      severity: 'error',
      from: { path: from },
      to: { path: ours, pathNot: [from, ...allowed] },
    })),
    {
      name: 'every file of src is in a room',
      severity: 'error',
      from: { path: '^src/', pathNot: [...Object.keys(rooms), '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'features of the page share through ui and workspace-model, not through each other',
      severity: 'error',
      from: { path: '^src/renderer/features/([^/]+)/' },
      to: { path: '^src/renderer/(features|app)/', pathNot: '^src/renderer/features/$1/' },
    },
    {
      name: 'workspace-model knows no feature',
      severity: 'error',
      from: { path: '^src/renderer/workspace-model/' },
      to: { path: '^src/renderer/(features|app)/' },
    },
    {
      name: 'ui knows nothing of Berth',
      severity: 'error',
      from: { path: '^src/renderer/ui/' },
      to: { path: '^src/renderer/(features|app|workspace-model|store|connection)/' },
    },
    {
      name: 'a family of commands does without the others',
      severity: 'error',
      from: { path: '^src/cli/commands/([^/]+)/' },
      to: { path: '^src/cli/commands/', pathNot: '^src/cli/commands/$1/' },
    },
    {
      name: 'helpers of tests are for tests',
      severity: 'error',
      from: { path: '^src/', pathNot: ['/testing/', '\\.test\\.tsx?$'] },
      to: { path: '/testing/' },
    },
    {
      name: 'what stands in for Electron is for tests of the desktop app',
      severity: 'error',
      from: { pathNot: ['^test/electron-stand-in/', '^e2e/'] },
      to: { path: '^test/electron-stand-in/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only engine imports dockerode',
      severity: 'error',
      from: { pathNot: [engine, free] },
      to: { path: packages('dockerode', 'docker-modem') },
    },
    {
      name: 'only desktop and preload import electron',
      severity: 'error',
      from: { pathNot: [room('desktop'), '^src/preload/', free] },
      to: { path: packages('electron', 'electron-store') },
    },
    {
      name: 'electron-store is for desktop',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { path: packages('electron-store') },
    },
    {
      name: 'shared and renderer do without Node',
      severity: 'error',
      from: { path: [shared, '^src/renderer/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared does without React',
      severity: 'error',
      from: { path: shared },
      to: { path: packages('react', 'react-dom', 'zustand', 'wouter') },
    },
    {
      name: 'no orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^src/renderer/public/', free] },
      to: {},
    },
    { name: 'imports resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
}
