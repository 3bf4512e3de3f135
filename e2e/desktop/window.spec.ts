import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from '../berth-fixture'
import { button } from '../page-parts'

/** As `src/shared/window-port.ts` has them: a fault there must not hide here. */
const PORT_REQUEST = 'berth:port-request'
const PORT_OFFER = 'berth:port'
/** Longer than a port or a navigation takes that comes after all. */
const SOON_MS = 1000

const engine = (page: Page) => page.getByRole('link', { name: /^Engine: Docker/ })

test('the window shows the page, over ports and without a key @desktop-only', async ({ page, desktop }) => {
  await expect(engine(page)).toBeVisible()
  const window = await desktop.app.evaluate(({ BrowserWindow }) => {
    const [window, ...others] = BrowserWindow.getAllWindows()
    return { url: window?.webContents.getURL(), isVisible: window?.isVisible(), title: window?.getTitle(), others: others.length }
  })
  expect(window).toEqual({ url: expect.stringMatching(/^app:\/\/berth\//), isVisible: true, title: 'Berth', others: 0 })
  const seen = await page.evaluate(() => ({
    isSecure: isSecureContext,
    origin: origin === 'null',
    keys: Object.keys(localStorage).filter((key) => key.includes('token')),
    requests: performance.getEntriesByType('resource').filter(({ name }) => new URL(name).origin !== location.origin).length,
  }))
  expect(seen).toEqual({ isSecure: true, origin: false, keys: [], requests: 0 })
})

test('the page has nothing of Node or Electron, and the preload nothing of Node @desktop-only', async ({ page, desktop }) => {
  await expect(engine(page)).toBeVisible()
  const names = ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', 'global']
  expect(await page.evaluate((names) => names.filter((name) => name in globalThis), names)).toEqual([])
  // What Electron goes by, and the world of the preload, which is Electron's number 999.
  const window = await desktop.app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const preferences = (contents as unknown as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences()
    const { sandbox, contextIsolation, nodeIntegration } = preferences
    const inPreload = await contents?.executeJavaScriptInIsolatedWorld(999, [{ code: '[typeof process, typeof require].join()' }])
    return { sandbox, contextIsolation, nodeIntegration, inPreload }
  })
  expect(window).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, inPreload: 'undefined,undefined' })
})

test('what a page does to its own window does not reach the preload @desktop-only', async ({ page }) => {
  await expect(engine(page)).toBeVisible()
  const calls = await page.evaluate(async (request) => {
    let calls = 0
    const original = window.postMessage
    window.postMessage = (...args: unknown[]) => {
      calls += 1
      Reflect.apply(original, window, args)
    }
    const offered = new Promise((resolve) => window.addEventListener('message', ({ ports }) => ports[0] && resolve(null)))
    Reflect.apply(original, window, [request, location.origin])
    await offered
    window.postMessage = original
    return calls
  }, PORT_REQUEST)
  expect(calls).toBe(0)
})

test('what the page may load is what its policy says @desktop-only', async ({ page, expectedMessages }) => {
  expectedMessages.push(/policy: /, /Content Security Policy/)
  await expect(engine(page)).toBeVisible()
  const headers = await page.evaluate(async () => Object.fromEntries((await fetch(location.href)).headers))
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringMatching(/default-src 'none';.*script-src 'self'/),
  })
  const breaches = await page.evaluate(async () => {
    const breaches: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => breaches.push(effectiveDirective))
    const script = document.createElement('script')
    script.textContent = 'globalThis.wasRun = true'
    document.head.append(script)
    await fetch('https://example.com/').catch(() => null)
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/'
    document.body.append(frame)
    await new Promise((resolve) => setTimeout(resolve, 300))
    frame.remove()
    return [...breaches, 'wasRun' in globalThis]
  })
  expect(breaches).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src', 'frame-src', false]))
})

test('no file outside the page is served @desktop-only', async ({ page, expectedMessages }) => {
  expectedMessages.push(/status of 404/)
  await expect(engine(page)).toBeVisible()
  const statuses = await page.evaluate(async () => {
    const paths = [
      '/..%2f..%2fpackage.json',
      '/%2e%2e%2f%2e%2e%2fpackage.json',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/..%5c..%5cpackage.json',
      '/none.js',
    ]
    return await Promise.all(paths.map(async (path) => (await fetch(path)).status))
  })
  expect(statuses).toEqual([404, 404, 404, 404, 404])
  expect(await page.evaluate(async () => (await fetch('/', { method: 'POST' })).status)).toBe(404)
})

test('the page cannot be led away from Berth @desktop-only', async ({ page, desktop, expectedMessages }) => {
  expectedMessages.push(/ERR_ABORTED/)
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('elsewhere')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await expect(engine(page)).toBeVisible()
    for (const way of ['location', 'link']) {
      await page.evaluate(
        ([way, url]) => {
          if (way === 'location') location.href = `${url}/location`
          else Object.assign(document.createElement('a'), { href: `${url}/link` }).click()
        },
        [way, elsewhere] as const,
      )
      await page.waitForTimeout(SOON_MS / 2)
    }
    expect(asked).toEqual([])
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL())).toMatch(
      /^app:\/\/berth\//,
    )
    await expect(engine(page)).toBeVisible()
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('links lead to the system’s browser, and only those of the web or to an editor do @desktop-only', async ({
  page,
  desktop,
  expectedMessages,
}) => {
  expectedMessages.push(/Not allowed to load local resource/)
  await expect(engine(page)).toBeVisible()
  await desktop.app.evaluate(() => globalThis.systemParts.opened.splice(0))
  const pages = desktop.app.context().pages().length
  await page.evaluate(() => {
    for (const url of [
      'https://example.com/a',
      'http://example.com/b',
      'file:///etc/passwd',
      'smb://example.com/c',
      'about:blank',
      location.href.replace('https', 'ftp'),
    ])
      window.open(url)
    Object.assign(document.createElement('a'), { href: 'https://example.com/link', target: '_blank', rel: 'noreferrer' }).click()
  })
  await expect
    .poll(() => desktop.app.evaluate(() => globalThis.systemParts.opened.toSorted()))
    .toEqual(['http://example.com/b', 'https://example.com/a', 'https://example.com/link'])
  expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  await expect.poll(() => desktop.app.context().pages().length).toBe(pages)
})

test('the page may use the clipboard, and nothing else of the system @desktop-only', async ({ page }) => {
  await expect(engine(page)).toBeVisible()
  const states = await page.evaluate(async () => {
    const state = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state
    return {
      clipboard: await state('clipboard-read'),
      geolocation: await state('geolocation'),
      notifications: await state('notifications'),
      camera: await state('camera'),
      asked: await Notification.requestPermission(),
    }
  })
  expect(states).toEqual({ clipboard: 'granted', geolocation: 'denied', notifications: 'denied', camera: 'denied', asked: 'denied' })
  const copied = await page.evaluate(async () => {
    await navigator.clipboard.writeText('copied by a test')
    return await navigator.clipboard.readText()
  })
  expect(copied).toBe('copied by a test')
})

test('a frame within the page gets no port @desktop-only', async ({ page }) => {
  await expect(engine(page)).toBeVisible()
  await page.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.name = 'inner'
    document.body.append(frame)
  })
  const inner = page.frame('inner')
  expect(inner).not.toBeNull()
  const offers = await inner?.evaluate(
    async ([request, offer, soon]) => {
      let offers = 0
      const count = ({ data }: MessageEvent) => data === offer && offers++
      window.addEventListener('message', count)
      parent.addEventListener('message', count)
      window.postMessage(request, '*')
      parent.postMessage(request, '*')
      await new Promise((resolve) => setTimeout(resolve, soon))
      parent.removeEventListener('message', count)
      return offers
    },
    [PORT_REQUEST, PORT_OFFER, SOON_MS] as const,
  )
  await page.evaluate(() => document.querySelector('iframe[name=inner]')?.remove())
  expect(offers).toBe(0)
})

test('another page in the window gets no port, and Berth’s own gets one again @desktop-only', async ({
  page,
  desktop,
  expectedMessages,
}) => {
  expectedMessages.push(/favicon/)
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>elsewhere</title>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const load = (url: string) => desktop.app.evaluate(async ({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url), url)
  const offers = () =>
    page.evaluate(
      async ([request, offer, soon]) => {
        let offers = 0
        window.addEventListener('message', ({ data }) => data === offer && offers++)
        window.postMessage(request, location.origin)
        await new Promise((resolve) => setTimeout(resolve, soon))
        return offers
      },
      [PORT_REQUEST, PORT_OFFER, SOON_MS] as const,
    )
  try {
    await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await expect(page).toHaveTitle('elsewhere')
    expect(await offers()).toBe(0)
    await load('app://berth/')
    await expect(engine(page)).toBeVisible()
    expect(await offers()).toBe(1)
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

test('the page has the colours of the setting, as menus and dialogs have @desktop-only', async ({ page, desktop }) => {
  await expect(engine(page)).toBeVisible()
  for (const theme of ['dark', 'light'] as const) {
    await desktop.client.settings.update({ theme })
    await expect.poll(() => desktop.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe(theme)
  }
  await desktop.client.settings.update({ theme: 'system' })
  await expect(button(page, 'New workspace').first()).toBeVisible()
})
