import type { BerthClient } from '../../../shared/contract/contract'
import type { DevcontainerState } from '../../../shared/devcontainer'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { oneLine } from '../../output/format/plain-text'
import { printJson, printLines, remark } from '../../output/output'

/** Prints how the dev container is, looked at anew if the workspace is running. */
export async function showDevcontainer(context: CliContext, workspace: string): Promise<void> {
  await withConnection(context, async ({ client }) => print(context, workspace, await client.devcontainers.status({ workspace })))
}

/** Brings it up, or makes it again, and prints how it is then. */
export async function openDevcontainer(
  context: CliContext,
  workspace: string,
  what: 'up' | 'rebuild',
  { config }: { config?: string },
): Promise<void> {
  await change(context, workspace, (client) => client.devcontainers[what]({ workspace, ...(config === undefined ? {} : { path: config }) }))
}

/** Stops it, and prints how it is then. */
export async function stopDevcontainer(context: CliContext, workspace: string): Promise<void> {
  await change(context, workspace, (client) => client.devcontainers.stop({ workspace }))
}

async function change(
  context: CliContext,
  reference: string,
  begin: (client: BerthClient) => ReturnType<BerthClient['devcontainers']['stop']>,
): Promise<void> {
  await withConnection(context, async ({ client }) => {
    let id = reference
    await runOperation(context, client, async () => {
      const { operation, workspace } = await begin(client)
      id = workspace.id
      return operation
    })
    const { name, devcontainerState } = await client.workspaces.get({ workspace: id })
    print(context, name, devcontainerState)
  })
}

function print(context: CliContext, workspace: string, state: DevcontainerState): void {
  if (context.options.json) return printJson(context, state)
  if (context.options.quiet) return printLines(context, [state.state])
  printLines(context, linesOf(workspace, state))
  for (const text of hints(workspace, state)) remark(context, text)
}

const WORDS: Record<DevcontainerState['state'], string> = {
  none: 'has no dev container',
  found: 'has a dev container, which was not opened yet',
  building: 'builds its dev container',
  running: 'runs in its dev container',
  failed: 'could not bring its dev container up',
  stopped: 'has a dev container, which is stopped',
}

function linesOf(workspace: string, { state, path, paths, container, problem }: DevcontainerState): string[] {
  const others = paths.filter((other) => other !== path)
  return [
    `${workspace} ${WORDS[state]}`,
    ...(path === null ? [] : [`Configuration  ${oneLine(path)}`]),
    ...others.map((other) => `Also there     ${oneLine(other)}`),
    ...(container === null
      ? []
      : [`Container      ${oneLine(container.name)}, user ${oneLine(container.user)}, ${oneLine(container.folder)}`]),
    ...(problem === null ? [] : [`Problem        ${oneLine(problem.message)}`]),
  ]
}

function hints(workspace: string, { state, changed }: DevcontainerState): string[] {
  if (changed) return [`The configuration has changed since it was built. “berth devcontainer rebuild ${workspace}” brings it up to date.`]
  if (state === 'found' || state === 'stopped') return [`“berth devcontainer up ${workspace}” opens it.`]
  if (state === 'failed') return [`Its log: “berth logs ${workspace} --source devcontainer”.`]
  return []
}
