import { runCommand } from '../../engine/run-command'
import type { Step, StepContext } from '../../operations/operation-definition'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'
import type { WorkspaceInput } from '../base/workspace-input'
import { LIST_COMMAND, MAX_LIST_BYTES, type PackageList, parsePackageList } from './package-list'

const LOOK_TIMEOUT_MS = 30_000
const INSTALL_TIMEOUT_MS = 30 * 60_000
const OUTPUT_BYTES = 64 * 1024
/** Each failure is one more run of the package manager. */
const MOST_SINGLE_TRIES = 100

const INSTALL: Record<PackageList['manager'], { refresh: string[]; install: string[] }> = {
  apt: { refresh: ['apt-get', 'update', '-q'], install: ['apt-get', 'install', '-y', '-q', '--no-install-recommends'] },
  pacman: { refresh: ['pacman', '-Sy', '--noconfirm'], install: ['pacman', '-S', '--noconfirm', '--needed'] },
}

/** Installs packages in the new container. Failures are reported but do not fail the operation. */
export function reinstallStep<Input extends WorkspaceInput & { packages: PackageList | null }>(services: LifecycleServices): Step<Input> {
  return {
    name: 'packages',
    title: 'Reinstall packages',
    followUp: true,
    async run(context) {
      const { packages } = context.input
      if (packages === null || packages.names.length === 0) return context.skip('There are no packages to install.')
      const run = commandIn(services, context)
      const there = parsePackageList((await run(LIST_COMMAND, { timeoutMs: LOOK_TIMEOUT_MS, maxBytes: MAX_LIST_BYTES })).stdout)
      if (there?.manager !== packages.manager) {
        return context.notice(`The new image has no ${packages.manager}, so these packages are missing: ${listed(packages.names)}.`)
      }
      const failed = await installAll(run, packages)
      if (failed.length > 0) context.notice(`These packages could not be installed: ${listed(failed)}.`)
    },
  }
}

type Run = ReturnType<typeof commandIn>

function commandIn(services: LifecycleServices, { input, signal, detail }: StepContext<WorkspaceInput>) {
  const containerId = containerIdOf(services, input)
  return (command: string[], limits = { timeoutMs: INSTALL_TIMEOUT_MS, maxBytes: OUTPUT_BYTES }) => {
    detail(command.slice(0, 8).join(' '))
    const environment = { DEBIAN_FRONTEND: 'noninteractive' }
    return runCommand(services.engine.exec, { containerId, user: 'root', command, environment, signal, ...limits })
  }
}

/** All together; if that fails, one by one. Returns those that failed. */
async function installAll(run: Run, { manager, names }: PackageList): Promise<string[]> {
  const { refresh, install } = INSTALL[manager]
  // A mirror that is down does not matter for what needs none.
  await run(refresh)
  if ((await run([...install, ...names])).exitCode === 0) return []
  const failed: string[] = []
  for (const name of names.slice(0, MOST_SINGLE_TRIES)) if ((await run([...install, name])).exitCode !== 0) failed.push(name)
  return [...failed, ...names.slice(MOST_SINGLE_TRIES)]
}

/** Fits into a notice. */
function listed(names: string[]): string {
  const shown = names.slice(0, 20).join(', ')
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown
}
