import { app, shell, type WebContents } from 'electron'
import { isEditorLink } from '../../shared/editor-link'
import { log } from '../log'
import { isPageUrl } from './page-protocol'

/** No window ever shows anything but Berth's own page, opens another window, or embeds a web view. Web links go to the browser, a workspace to an editor. */
export function setupNavigationGuard(origin: string): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, origin))
}

function guard(contents: WebContents, origin: string): void {
  contents.on('will-navigate', (event) => {
    if (!isPageUrl(event.url, origin)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isPageUrl(event.url, origin)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isPageUrl(event.url, origin)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
}

/** What a browser shows, and a workspace in an editor: any other scheme could start any program, with any argument. */
function openOutside(url: string): void {
  if (!URL.canParse(url)) return
  const { protocol, href } = new URL(url)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  if (!isWeb && !isEditorLink(url)) return
  shell.openExternal(isWeb ? href : url).catch((error: unknown) => log.warn({ err: error }, 'A link could not be opened'))
}
