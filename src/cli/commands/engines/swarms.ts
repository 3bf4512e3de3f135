import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { paintFor } from '../../output/format/paint'
import { nodeTable, swarmTable } from '../../output/format/swarm-lines'
import { printJson, printLines, remark } from '../../output/output'

/** The Swarms that Berth uses, with what needs attention. */
export async function listSwarms(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const swarms = await client.swarms.list()
    if (context.options.json) return printJson(context, swarms)
    const names = swarms.map(({ name }) => name)
    if (context.options.quiet) return printLines(context, names)
    if (swarms.length === 0) {
      return remark(
        context,
        'Berth uses no Swarm. “berth swarm add NAME ENGINE --rule ssh://me@{hostname}” uses the one that ENGINE is a manager of.',
      )
    }
    printLines(context, swarmTable(swarms, paintFor(context.stdout, context.env)))
  })
}

export async function listNodes(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const swarm = await client.swarms.get({ swarm: reference })
    if (context.options.json) return printJson(context, swarm.nodes)
    const hostnames = swarm.nodes.map(({ hostname }) => hostname)
    if (context.options.quiet) return printLines(context, hostnames)
    printLines(context, nodeTable(swarm, paintFor(context.stdout, context.env)))
  })
}

/** Has new workspaces placed by it. */
export async function useSwarm(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const swarm = await client.swarms.use({ swarm: reference })
    if (context.options.json) printJson(context, swarm)
    else printLines(context, [context.options.quiet ? swarm.name : `New workspaces are placed by ${swarm.name}`])
  })
}

/** Refused, with the names, while workspaces were placed by it. */
export async function removeSwarm(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const swarm = await client.swarms.get({ swarm: reference })
    await client.swarms.remove({ swarm: swarm.id })
    if (context.options.json) printJson(context, swarm)
    else printLines(context, [context.options.quiet ? swarm.name : `${swarm.name} is removed`])
  })
}
