import { withRunningBerth } from '../../connection/connection'
import type { CliContext } from '../../context'
import { printJson, remark } from '../../output/output'

/** Returns when Berth has hung up. That none runs is what was wanted too. */
export async function quitBerth(context: CliContext): Promise<void> {
  const pid = await withRunningBerth(context, async ({ client, closed }) => {
    const answer = await client.system.quit()
    await closed
    return answer.pid
  })
  if (context.options.json) printJson(context, { pid })
  else remark(context, pid === null ? 'Berth is not running.' : 'Berth has ended. Workspaces go on running.')
}
