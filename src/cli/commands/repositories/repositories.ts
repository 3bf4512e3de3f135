import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { BerthClient } from '../../../shared/contract/contract'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printWorkspace } from '../../output/print-workspace'

export async function setCredential(
  context: CliContext,
  reference: string,
  username: string | undefined,
  options: { clear?: boolean },
): Promise<void> {
  if ((username === undefined) === (options.clear !== true)) {
    throw usageError(
      'A credential is either given or forgotten.',
      `Write “berth repo-credential ${reference} USER” or “berth repo-credential ${reference} --clear”.`,
    )
  }
  const credential = username === undefined ? null : { username, password: await readPassword(context) }
  await withConnection(context, async ({ client }) => {
    await client.workspaces.setRepoCredential({ workspace: reference, credential })
    if (credential !== null) return cloneNow(context, client, reference)
    const workspace = await client.workspaces.get({ workspace: reference })
    printWorkspace(context, workspace, `${workspace.name} has no credential for its repository any more`)
  })
}

export async function trustHost(context: CliContext, reference: string, fingerprint: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    await client.workspaces.trustRepoHost({ workspace: reference, fingerprint })
    await cloneNow(context, client, reference)
  })
}

/** A start clones what is not there. */
async function cloneNow(context: CliContext, client: BerthClient, reference: string): Promise<void> {
  const { id, name } = await client.workspaces.get({ workspace: reference })
  await runOperation(context, client, async () => (await client.workspaces.start({ name })).operation)
  const workspace = await client.workspaces.get({ workspace: id })
  printWorkspace(context, workspace, `${name} has its repository`)
}

/** The first line of the input; on a terminal it is asked for, and not shown. */
async function readPassword(context: CliContext): Promise<string> {
  const input = context.stdin()
  const isTerminal = input.isTTY === true
  if (isTerminal) context.stderr.write('Password or token: ')
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: isTerminal })
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTerminal) context.stderr.write('\n')
  }
}
