import { app, shell, type WebContents } from 'electron'
import { log } from '../log'
import { isPageUrl } from './page-protocol'

/** No window ever shows anything but Berth's own page, opens another window, or embeds a web view. Web links go to the browser. */
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
    openInBrowser(url)
    return { action: 'deny' }
  })
}

/** Only what a browser shows: any other scheme could start a program. */
function openInBrowser(url: string): void {
  if (!URL.canParse(url)) return
  const { protocol, href } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return
  shell.openExternal(href).catch((error: unknown) => log.warn({ err: error }, 'The browser could not be opened'))
}
