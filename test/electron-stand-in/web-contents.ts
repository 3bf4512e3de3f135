import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type * as Electron from 'electron'
import { app } from './app'
import type { Session } from './chromium'
import { chromium, ignoreEnd, preventableEvent } from './host'
import { createIpc, type IpcMainLike, ipcMain } from './ipc-main'
import { pressAccelerator } from './menu'
import { cloned, createChannel, type Endpoint, portAt, releasePorts } from './message-ports'
import { type PermissionQuestion, pageWorld } from './page-world'
import { type FromPreload, preloadWorld, type ToPreload } from './preload-world'
import { answerPaused } from './protocol'
import { fromChromium, toChromium } from './schemes'
import { decidePermission } from './session'
import { createWireCodec } from './wire-values'

const WORLD = 'electron-preload'
/** Electron's number for the world of the preload. */
const PRELOAD_WORLD_ID = 999
const codec = createWireCodec()

/** Everything that Electron knows and the stand-in does not heed is refused, so that nobody relies on it. */
const KNOWN_PREFERENCES = ['preload', 'contextIsolation', 'sandbox', 'nodeIntegration', 'webSecurity', 'spellcheck']

export interface Preferences {
  preload: string | undefined
  contextIsolation: boolean
  sandbox: boolean
  nodeIntegration: boolean
}

/** Electron's defaults: a sandbox unless the page is to have Node. */
export function preferencesOf(given: Electron.WebPreferences = {}): Preferences {
  for (const name of Object.keys(given))
    if (!KNOWN_PREFERENCES.includes(name)) throw new Error(`The stand-in does not know webPreferences.${name}`)
  if (given.webSecurity === false) throw new Error('The stand-in cannot do without webSecurity')
  const nodeIntegration = given.nodeIntegration ?? false
  return {
    preload: given.preload,
    contextIsolation: given.contextIsolation ?? true,
    nodeIntegration,
    sandbox: given.sandbox ?? !nodeIntegration,
  }
}

export class WebFrameMain implements Pick<Electron.WebFrameMain, 'url' | 'postMessage' | 'send' | 'executeJavaScript'> {
  url = ''
  readonly ipc: IpcMainLike = createIpc()
  readonly #post: (frame: WebFrameMain, message: ToPreload) => void
  readonly #name: (endpoint: Endpoint) => string
  readonly #run: (frame: WebFrameMain, code: string) => Promise<unknown>
  /** null for the main frame. */
  readonly parent: WebFrameMain | null
  frameTreeNodeId: string

  constructor(
    id: string,
    parent: WebFrameMain | null,
    ways: {
      post(frame: WebFrameMain, message: ToPreload): void
      name(endpoint: Endpoint): string
      run(frame: WebFrameMain, code: string): Promise<unknown>
    },
  ) {
    this.frameTreeNodeId = id
    this.parent = parent
    this.#post = ways.post
    this.#name = ways.name
    this.#run = ways.run
  }

  get origin(): string {
    const { protocol, host } = new URL(this.url)
    return `${protocol}//${host}`
  }

  postMessage(channel: string, message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    const copy = cloned(message)
    const ports = releasePorts(transfer).map((endpoint) => this.#name(endpoint))
    this.#post(this, { kind: 'ipc', channel, args: codec.encode([copy]), ports })
  }

  send(channel: string, ...args: unknown[]): void {
    this.#post(this, { kind: 'ipc', channel, args: codec.encode(cloned(args)), ports: [] })
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#run(this, code)
  }
}

interface Context {
  frame: WebFrameMain
  isPreload: boolean
  isPage: boolean
}

const all = new Set<WebContents>()
let lastId = 0

export const webContents = {
  getAllWebContents: () => [...all],
  fromId: (id: number) => [...all].find((contents) => contents.id === id),
  fromDevToolsTargetId: (target: string) => [...all].find((contents) => contents.targetId === target),
}

/** A page of Chromium, as the main process sees it. */
export class WebContents extends EventEmitter {
  readonly id: number
  readonly ipc: IpcMainLike = createIpc()
  readonly mainFrame: WebFrameMain
  readonly preferences: Preferences
  targetId = ''
  #openHandler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] | null = null
  #session: Session | null = null
  #isDestroyed = false
  #isCrashed = false
  readonly #begun: Promise<Session>
  readonly #frames = new Map<string, WebFrameMain>()
  readonly #contexts = new Map<number, Context>()
  readonly #ports = new Map<string, Endpoint>()
  #lastPort = 0
  /** Addresses that the main process itself has asked for. */
  readonly #ordered = new Set<string>()
  readonly #names = { toMain: secret(), receiver: secret(), ask: secret(), told: secret() }
  readonly #onPopup: (url: string, options: Electron.BrowserWindowConstructorOptions) => void

  constructor({
    preferences,
    target,
    onPopup,
  }: {
    preferences: Preferences
    /** Resolves with the page's target and a conversation with it. */
    target: Promise<{ targetId: string; session: Session }>
    onPopup(url: string, options: Electron.BrowserWindowConstructorOptions): void
  }) {
    super()
    lastId += 1
    this.id = lastId
    this.preferences = preferences
    this.#onPopup = onPopup
    this.mainFrame = this.#frameFor('', null)
    all.add(this)
    this.#begun = target.then(async ({ targetId, session }) => {
      this.targetId = targetId
      this.#frames.set(targetId, this.mainFrame)
      this.mainFrame.frameTreeNodeId = targetId
      this.#session = session
      await this.#begin(session)
      return session
    })
    ignoreEnd(this.#begun)
    setImmediate(() => app.emit('web-contents-created', {}, this))
  }

  setWindowOpenHandler(handler: Parameters<Electron.WebContents['setWindowOpenHandler']>[0]): void {
    this.#openHandler = handler
  }

  getURL = (): string => this.mainFrame.url
  isDestroyed = (): boolean => this.#isDestroyed
  isCrashed = (): boolean => this.#isCrashed
  getLastWebPreferences = (): Electron.WebPreferences =>
    ({ ...this.preferences, ...(this.preferences.preload ? { preload: this.preferences.preload } : {}) }) as Electron.WebPreferences
  getUserAgent = (): string => app.userAgentFallback

  async loadURL(url: string): Promise<void> {
    const session = await this.#begun
    const shown = toChromium(url)
    this.#ordered.add(withoutHash(shown))
    const { errorText } = await session.send('Page.navigate', { url: shown })
    if (errorText !== undefined && errorText !== 'net::ERR_ABORTED') {
      this.emit('did-fail-load', {}, -2, errorText, url, true)
      throw Object.assign(new Error(`${errorText} loading '${url}'`), { code: errorText, url })
    }
  }

  reload(): void {
    ignoreEnd(
      this.#begun.then((session) => {
        this.#ordered.add(withoutHash(toChromium(this.mainFrame.url)))
        return session.send('Page.reload', {})
      }),
    )
  }

  /** The page's process ends as by a fault of its own. */
  forcefullyCrashRenderer(): void {
    ignoreEnd(this.#begun.then((session) => session.send('Page.crash')))
  }

  executeJavaScript(code: string): Promise<unknown> {
    return this.#run(this.mainFrame, code, false)
  }

  /** World 999 is the preload's, as in Electron. */
  executeJavaScriptInIsolatedWorld(world: number, scripts: { code: string }[]): Promise<unknown> {
    if (world !== PRELOAD_WORLD_ID) throw new Error('The stand-in knows no world but 999')
    return this.#run(this.mainFrame, scripts.map(({ code }) => code).join('\n'), this.preferences.contextIsolation)
  }

  send(channel: string, ...args: unknown[]): void {
    this.mainFrame.send(channel, ...args)
  }

  postMessage(channel: string, message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    this.mainFrame.postMessage(channel, message, transfer)
  }

  close(): void {
    this.emit('stand-in-close')
  }

  /** At once; ports that its page had are closed. */
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    all.delete(this)
    this.#forgetPorts()
    if (this.targetId !== '') ignoreEnd(chromium().browser.send('Target.closeTarget', { targetId: this.targetId }))
    this.emit('destroyed')
  }

  async useColors(isDark: boolean | null): Promise<void> {
    const session = await this.#begun
    const features = isDark === null ? [] : [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }]
    await session.send('Emulation.setEmulatedMedia', { features })
  }

  async resize(bounds: Electron.Rectangle): Promise<void> {
    await this.#begun
    const { windowId } = await chromium().browser.send('Browser.getWindowForTarget', { targetId: this.targetId })
    const { x: left, y: top, width, height } = bounds
    await chromium().browser.send('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } })
  }

  #frameFor(id: string, parent: WebFrameMain | null): WebFrameMain {
    const known = this.#frames.get(id)
    if (known !== undefined) return known
    const frame = new WebFrameMain(id, parent, {
      post: (to, message) => this.#post(to, message),
      name: (endpoint) => this.#hold(endpoint),
      run: (of, code) => this.#run(of, code, false),
    })
    if (id !== '') this.#frames.set(id, frame)
    return frame
  }

  async #begin(session: Session): Promise<void> {
    session.on(
      'Page.frameAttached',
      ({ frameId, parentFrameId }) => void this.#frameFor(frameId, this.#frames.get(parentFrameId) ?? this.mainFrame),
    )
    session.on('Page.frameNavigated', ({ frame }) => {
      const seen = this.#frameFor(frame.id, frame.parentId === undefined ? null : (this.#frames.get(frame.parentId) ?? this.mainFrame))
      seen.url = fromChromium(frame.url) + (frame.urlFragment ?? '')
      if (seen !== this.mainFrame) return
      this.emit('did-navigate', {}, seen.url, 200, '')
    })
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      const seen = this.#frames.get(frameId)
      if (seen !== undefined) seen.url = fromChromium(url)
    })
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') this.#frames.delete(frameId)
    })
    session.on('Page.loadEventFired', () => {
      this.emit('did-finish-load')
      // Chromium paints before or right after it; a page without anything to see is ready, too.
      this.emit('stand-in-painted')
    })
    session.on('Page.domContentEventFired', () => this.emit('dom-ready', {}))
    session.on('Page.windowOpen', (opened) => this.#opens(opened))
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId, isDefault } = context.auxData as { frameId?: string; isDefault?: boolean }
      const frame = frameId === undefined ? undefined : this.#frames.get(frameId)
      if (frame === undefined) return
      const isPage = isDefault === true
      const isPreload = this.preferences.contextIsolation ? context.name === WORLD : isPage
      if (isPage || isPreload) this.#contexts.set(context.id, { frame, isPage, isPreload })
    })
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => this.#leave(executionContextId))
    session.on('Runtime.executionContextsCleared', () => {
      for (const id of this.#contexts.keys()) this.#leave(id)
    })
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      const context = this.#contexts.get(executionContextId)
      if (context === undefined) return
      if (name === this.#names.toMain && context.isPreload) this.#take(context.frame, JSON.parse(payload))
      if (name === this.#names.ask && context.isPage) ignoreEnd(this.#decide(context.frame, executionContextId, JSON.parse(payload)))
    })
    session.on('Fetch.requestPaused', (paused) => ignoreEnd(this.#answer(session, paused)))
    session.on('Inspector.targetCrashed', () => {
      this.#isCrashed = true
      for (const id of this.#contexts.keys()) this.#leave(id)
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    })
    session.on('Inspector.targetReloadedAfterCrash', () => {
      this.#isCrashed = false
    })

    const { contextIsolation, nodeIntegration, sandbox } = this.preferences
    const { toMain, ask, told } = this.#names
    await session.send('Page.enable')
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: toMain, ...(contextIsolation ? { executionContextName: WORLD } : {}) })
    await session.send('Runtime.addBinding', { name: ask })
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: this.#preloadScript(),
      ...(contextIsolation ? { worldName: WORLD } : {}),
    })
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${pageWorld})(${JSON.stringify({ binding: ask, receiver: told, hasNode: nodeIntegration && !sandbox && !contextIsolation })})`,
    })
    await session.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] })
    await session.send('Runtime.runIfWaitingForDebugger')
  }

  #preloadScript(): string {
    const { preload, sandbox, contextIsolation } = this.preferences
    if (preload !== undefined && !isAbsolute(preload)) throw new Error('The preload script must have an absolute path')
    const options = { binding: this.#names.toMain, receiver: this.#names.receiver, isSandboxed: sandbox, isIsolated: contextIsolation }
    const program = preload === undefined ? 'null' : `(function (require, process, exports, module) {${readFileSync(preload, 'utf8')}\n})`
    return `(${preloadWorld})(${JSON.stringify(options)}, (${createWireCodec})(), ${program})`
  }

  /** What the preload of a frame says. */
  #take(frame: WebFrameMain, message: FromPreload): void {
    switch (message.kind) {
      case 'send': {
        const ports = message.ports.map((name) => portAt(this.#adopt(name)))
        const event = {
          type: 'frame',
          sender: this,
          senderFrame: frame,
          frameId: 0,
          processId: 0,
          ports,
          returnValue: undefined,
          reply: (channel: string, ...args: unknown[]) => frame.send(channel, ...args),
        }
        const args = codec.decode(message.args) as unknown[]
        this.emit('ipc-message', event, message.channel, ...args)
        for (const ipc of [frame.ipc, this.ipc, ipcMain]) ipc.emit(message.channel, event, ...args)
        return
      }
      case 'invoke': {
        const event = { type: 'frame', sender: this, senderFrame: frame, frameId: 0, processId: 0 }
        const handler = [frame.ipc, this.ipc, ipcMain].map((ipc) => ipc.handlerOf(message.channel)).find((found) => found !== undefined)
        const answer =
          handler === undefined
            ? Promise.reject(new Error(`No handler registered for '${message.channel}'`))
            : Promise.resolve().then(() => handler(event, ...(codec.decode(message.args) as unknown[])))
        answer.then(
          (value) => this.#post(frame, { kind: 'answer', id: message.id, value: codec.encode(value), error: null }),
          (error: unknown) =>
            this.#post(frame, {
              kind: 'answer',
              id: message.id,
              value: null,
              error: `Error invoking remote method '${message.channel}': ${error}`,
            }),
        )
        return
      }
      case 'port-message':
        this.#ports.get(message.port)?.send({ data: codec.decode(message.data), ports: message.ports.map((name) => this.#adopt(name)) })
        return
      case 'port-closed':
        this.#ports.get(message.port)?.close()
        this.#ports.delete(message.port)
        return
      case 'key':
        pressAccelerator(message)
        return
      case 'failed': {
        process.stderr.write(`Unable to load preload script: ${this.preferences.preload}\n${message.message}\n`)
        this.emit('preload-error', {}, this.preferences.preload, new Error(message.message))
        return
      }
      default:
        message satisfies never
    }
  }

  #post(frame: WebFrameMain, message: ToPreload): void {
    const found = [...this.#contexts].find(([, context]) => context.frame === frame && context.isPreload)
    if (found === undefined || this.#session === null) return
    const expression = `globalThis[${JSON.stringify(this.#names.receiver)}](${JSON.stringify(message)})`
    ignoreEnd(this.#session.send('Runtime.evaluate', { expression, contextId: found[0] }))
  }

  /** The page's end of a channel, by the name that it has there; what was sent to it goes to the page from now on. */
  #hold(endpoint: Endpoint, given?: string): string {
    this.#lastPort += 1
    const name = given ?? `main-${this.#lastPort}`
    this.#ports.set(name, endpoint)
    endpoint.hold({
      message: ({ data, ports }) =>
        this.#post(this.mainFrame, {
          kind: 'port-message',
          port: name,
          data: codec.encode(data),
          ports: ports.map((port) => this.#hold(port)),
        }),
      closed: () => {
        this.#ports.delete(name)
        this.#post(this.mainFrame, { kind: 'port-closed', port: name })
      },
    })
    return name
  }

  /** The main process's end for a port that the page has given away. */
  #adopt(name: string): Endpoint {
    const [here, there] = createChannel()
    this.#hold(there, name)
    return here
  }

  #leave(contextId: number): void {
    const context = this.#contexts.get(contextId)
    this.#contexts.delete(contextId)
    if (context?.isPreload && context.frame === this.mainFrame) this.#forgetPorts()
  }

  #forgetPorts(): void {
    for (const endpoint of this.#ports.values()) endpoint.close()
    this.#ports.clear()
  }

  async #decide(frame: WebFrameMain, contextId: number, { id, permission, isCheck, isDevice }: PermissionQuestion): Promise<void> {
    const url = toChromium(frame.url)
    const isGranted = await decidePermission({
      contents: this,
      permission,
      kind: isCheck ? 'check' : isDevice ? 'device' : 'request',
      url,
      origin: URL.canParse(url) ? new URL(url).origin : 'null',
      isMainFrame: frame === this.mainFrame,
    })
    await this.#session?.send('Runtime.evaluate', {
      expression: `globalThis[${JSON.stringify(this.#names.told)}](${id}, ${isGranted})`,
      contextId,
    })
  }

  async #answer(
    session: Session,
    {
      requestId,
      request,
      resourceType,
      frameId,
      redirectedRequestId,
    }: {
      requestId: string
      request: { url: string; method: string; headers: Record<string, string>; postData?: string; urlFragment?: string }
      resourceType: string
      frameId: string
      redirectedRequestId?: string
    },
  ): Promise<void> {
    if (resourceType === 'Document' && !this.#mayNavigate(frameId, request.url, redirectedRequestId !== undefined)) {
      await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      return
    }
    await answerPaused(session, { requestId, request, resourceType })
  }

  /** Asks Berth about what the page begins; what the main process itself has asked for is nobody's question. */
  #mayNavigate(frameId: string, shown: string, isRedirect: boolean): boolean {
    const isMainFrame = frameId === this.targetId
    if (isMainFrame && this.#ordered.delete(withoutHash(shown))) return true
    const frame = this.#frames.get(frameId) ?? null
    const event = preventableEvent({ url: fromChromium(shown), isMainFrame, isSameDocument: false, frame, initiator: this.mainFrame })
    if (isRedirect) this.emit('will-redirect', event, event.url, false, isMainFrame)
    else {
      if (isMainFrame) this.emit('will-navigate', event, event.url)
      this.emit('will-frame-navigate', event)
    }
    return !event.defaultPrevented
  }

  #opens({
    url,
    windowName,
    windowFeatures,
    userGesture,
  }: {
    url: string
    windowName: string
    windowFeatures: string[]
    userGesture: boolean
  }): void {
    void userGesture
    const details = {
      url: fromChromium(url),
      frameName: windowName,
      features: windowFeatures.join(','),
      disposition: windowFeatures.length > 0 ? 'new-window' : 'foreground-tab',
      referrer: { url: '', policy: 'strict-origin-when-cross-origin' },
    } as Electron.HandlerDetails
    const answer = this.#openHandler?.(details) ?? { action: 'allow' }
    if (answer.action === 'allow')
      this.#onPopup(details.url, 'overrideBrowserWindowOptions' in answer ? (answer.overrideBrowserWindowOptions ?? {}) : {})
  }

  async #run(frame: WebFrameMain, code: string, inPreload: boolean): Promise<unknown> {
    const session = await this.#begun
    const found = [...this.#contexts].find(([, context]) => context.frame === frame && (inPreload ? context.isPreload : context.isPage))
    if (found === undefined) throw new Error('There is no such frame any more')
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: code,
      contextId: found[0],
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }
}

function withoutHash(url: string): string {
  const at = url.indexOf('#')
  return at === -1 ? url : url.slice(0, at)
}

function secret(): string {
  return `standIn${randomBytes(9).toString('hex')}`
}
