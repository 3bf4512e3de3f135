import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { toFailure } from '../../failure'
import { confirm, someoneToAsk } from '../../output/confirm'
import { runAndPrint } from '../../workspace-operation'
import { type CreationOptions, creationInput } from './creation-input'

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

/** Asked once: the answer is kept as a setting. */
const NOT_ISOLATED = {
  heading: 'A host workspace is not isolated.',
  losses: ['  What runs in it has all your rights: it can read and change all your files.', '  Use it for what you trust.'],
  question: 'Create it?',
  declined: 'Nothing was created.',
}
