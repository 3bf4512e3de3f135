import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { EXIT } from '../../exit-codes'
import { toFailure } from '../../failure'
import { confirm, someoneToAsk } from '../../output/confirm'
import { unique } from '../../output/several'
import { runAndPrint } from '../../workspace-operation'
import { type CreationOptions, creationInput } from './creation-input'
import { ALL_STOPPED, runOnWorkspaces } from './run-on-workspaces'

/** `start` and `create`: they differ in what they make of a name that is taken. */
export async function startWorkspace(
  context: CliContext,
  procedure: 'start' | 'create',
  name: string,
  options: CreationOptions & { recreate?: boolean },
): Promise<void> {
  const input = await creationInput(name, options, context)
  await withConnection(context, async ({ client }) => {
    const begin = (given: typeof input) =>
      procedure === 'create'
        ? client.workspaces.create(given)
        : client.workspaces.start({ ...given, ...(options.recreate ? { recreate: true } : {}) })
    await runAndPrint(context, client, async () => {
      try {
        return await begin(input)
      } catch (error) {
        if (!input.host || (await toFailure(error)).code !== 'HOST_UNCONFIRMED' || !someoneToAsk(context)) throw error
        await confirm(context, NOT_ISOLATED)
        return begin({ ...input, host: { ...input.host, confirmed: true } })
      }
    })
  })
}

/** All at once, each made first if there is none of that name. Those that fail are told; the others go on. */
export async function startWorkspaces(
  context: CliContext,
  names: readonly string[],
  { all = false, ...options }: CreationOptions & { recreate?: boolean; all?: boolean },
): Promise<number> {
  const [name, ...more] = unique(names)
  if (name !== undefined && more.length === 0 && !all) {
    await startWorkspace(context, 'start', name, options)
    return EXIT.ok
  }
  const { name: _, ...input } = await creationInput('', options, context)
  if (all && Object.keys(input).length > 0)
    throw usageError('--all starts what there is, and makes nothing.', 'Leave the other options out.')
  if (input.host?.folder !== undefined) throw usageError('Several workspaces cannot share a folder.', 'Start them one by one.')
  return runOnWorkspaces(context, names, all ? { all: ALL_STOPPED } : {}, (client, workspace) =>
    client.workspaces.start({ ...input, name: workspace, ...(options.recreate ? { recreate: true } : {}) }),
  )
}

/** Asked once: the answer is kept as a setting. */
const NOT_ISOLATED = {
  heading: 'A host workspace is not isolated.',
  losses: ['  What runs in it has all your rights: it can read and change all your files.', '  Use it for what you trust.'],
  question: 'Create it?',
  declined: 'Nothing was created.',
}
