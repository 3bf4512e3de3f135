import { withRunningBerth } from '../../connection/connection'
import { processEnd } from '../../connection/process-end'
import type { CliContext } from '../../context'
import { printJson, remark } from '../../output/output'

/**
 * Returns when Berth's process has ended, so that its files can be moved and its disk unmounted. That none runs is what was wanted
 * too. Throws STILL_RUNNING when it hung up but does not end.
 */
export async function quitBerth(context: CliContext): Promise<void> {
  const pid = await withRunningBerth(context, async ({ client, closed }) => {
    const answer = await client.system.quit()
    await closed
    return answer.pid
  })
  if (pid !== null) await processEnd(pid)
  if (context.options.json) printJson(context, { pid })
  else remark(context, pid === null ? 'Berth is not running.' : 'Berth has stopped. Workspaces keep running.')
}
