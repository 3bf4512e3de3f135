import { dialog, shell } from 'electron'
import { z } from 'zod'
import type { Door } from '../../shared/door'
import { API_PATH } from '../../shared/door-addresses'
import { isBerthError } from '../../shared/errors'
import { readDoorFile } from '../api/door-file'
import { pageUrl } from '../api/open-door'

/** A Berth that ends settles its operations first, which takes at most this long. */
const END_MS = 30_000
const LOOK_EVERY_MS = 100
const ANSWER_MS = 5000

const sessionsSchema = z.array(z.object({ status: z.string() }))

/**
 * What `create` resolves with. When another Berth has the home, one that the command line has started, a person decides: that one ends and this one takes its place,
 * or its page is opened in a browser; then this resolves with null, for there is nothing more to do. Terminals end with the Berth that has opened them, so the
 * question says how many there are. Throws what `create` throws.
 */
export async function takeOver<Core>(home: string, create: () => Promise<Core>): Promise<Core | null> {
  try {
    return await create()
  } catch (error) {
    const door = isBerthError(error, 'ALREADY_RUNNING') ? await readDoorFile(home) : null
    const open = door && (await openSessions(door))
    // One that does not answer cannot be asked to end.
    if (door === null || open === null) throw error
    const answer = await ask(open)
    if (answer === 'browser') await shell.openExternal(pageUrl(door))
    if (answer !== 'take-over') return null
    await request(door, 'POST', '/system/quit')
    return await createSoon(create)
  }
}

async function ask(open: number): Promise<'take-over' | 'browser' | 'cancel'> {
  const terminals = open === 1 ? 'Its open terminal will close' : `Its ${open} open terminals will close`
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Berth',
    message: 'Berth is already running in the background.',
    detail: `It was started by the command line. The window can take over from it. Workspaces keep running.${open > 0 ? ` ${terminals}.` : ''}`,
    buttons: ['Take Over', 'Open in Browser', 'Cancel'],
    defaultId: open > 0 ? 1 : 0,
    cancelId: 2,
    noLink: true,
  })
  return (['take-over', 'browser'] as const)[response] ?? 'cancel'
}

/** Sessions with something running in them; null when it does not answer. */
async function openSessions(door: Door): Promise<number | null> {
  const answer = await request(door, 'GET', '/terminals').catch(() => null)
  const parsed = sessionsSchema.safeParse(answer)
  return parsed.success ? parsed.data.filter(({ status }) => status === 'running').length : null
}

async function request(door: Door, method: 'GET' | 'POST', path: string): Promise<unknown> {
  const response = await fetch(`${door.url}${API_PATH}${path}`, {
    method,
    headers: { authorization: `Bearer ${door.token}` },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  if (!response.ok) throw new Error(`The Berth that is running answered ${response.status}.`)
  return response.json()
}

/** Once the other one has let go of the home. */
async function createSoon<Core>(create: () => Promise<Core>): Promise<Core> {
  const end = Date.now() + END_MS
  for (;;) {
    try {
      return await create()
    } catch (error) {
      if (!isBerthError(error, 'ALREADY_RUNNING') || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
}
