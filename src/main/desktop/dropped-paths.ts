import { ipcMain } from 'electron'
import { z } from 'zod'
import { DROPPED_PATHS } from '../../shared/window-port'
import { log } from '../log'
import { isPageUrl, pageOrigin } from './page-protocol'

const MOST_DROPPED = 5
const droppedSchema = z.array(z.string().min(1).max(4096)).max(MOST_DROPPED)

/** Files and folders that were dropped onto the window, where the page has no use of its own for them, by their absolute paths. */
export function acceptDrops(open: (path: string) => void): void {
  ipcMain.on(DROPPED_PATHS, (event, given: unknown) => {
    const frame = event.senderFrame
    const dropped = droppedSchema.safeParse(given)
    const isFromPage = frame !== null && frame.parent === null && isPageUrl(frame.url, pageOrigin())
    if (isFromPage && dropped.success) for (const path of dropped.data) open(path)
    else log.warn('Files dropped onto the window were refused')
  })
}
