/** Of the page's own world to the main process, and what comes back. */
export interface PermissionQuestion {
  id: number
  /** Electron's name of the permission. */
  permission: string
  /** A question about the state, which `setPermissionCheckHandler` answers; else a request. */
  isCheck: boolean
  /** A device is asked for: `setDevicePermissionHandler`. */
  isDevice: boolean
}

/**
 * Runs in each frame before its own scripts: what asks for a permission asks the main process first, which tells Chromium its answer. Injected as text.
 */
export function pageWorld(options: { binding: string; receiver: string; hasNode: boolean }): void {
  const world = globalThis as unknown as Record<string, unknown>
  const post = world[options.binding] as (text: string) => void
  delete world[options.binding]
  const waiting = new Map<number, (isGranted: boolean) => void>()
  let lastId = 0

  function ask(permission: string, kind: 'request' | 'check' | 'device'): Promise<boolean> {
    lastId += 1
    const question: PermissionQuestion = { id: lastId, permission, isCheck: kind === 'check', isDevice: kind === 'device' }
    post(JSON.stringify(question))
    return new Promise((resolve) => waiting.set(question.id, resolve))
  }
  Object.defineProperty(world, options.receiver, {
    value: (id: number, isGranted: boolean) => {
      waiting.get(id)?.(isGranted)
      waiting.delete(id)
    },
  })

  type Method = (this: unknown, ...args: unknown[]) => unknown
  function before(
    owner: object | undefined,
    name: string,
    permission: (args: unknown[]) => string,
    kind: 'request' | 'check' | 'device',
  ): void {
    if (owner === undefined) return
    const methods = owner as Record<string, Method | undefined>
    const original = methods[name]
    if (original === undefined) return
    methods[name] = function (...args) {
      const asked = ask(permission(args), kind)
      // A device is never found here, whatever the answer.
      if (kind === 'device')
        return asked.then((isGranted) =>
          isGranted ? original.apply(this, args) : Promise.reject(new DOMException('No device selected.', 'NotFoundError')),
        )
      return asked.then(() => original.apply(this, args))
    }
  }

  const scope = globalThis as unknown as Record<string, { prototype: object } | undefined>
  const methodsOf = (type: string) => scope[type]?.prototype
  before(methodsOf('Clipboard'), 'readText', () => 'clipboard-read', 'request')
  before(methodsOf('Clipboard'), 'read', () => 'clipboard-read', 'request')
  before(methodsOf('Clipboard'), 'writeText', () => 'clipboard-sanitized-write', 'request')
  before(methodsOf('Clipboard'), 'write', () => 'clipboard-sanitized-write', 'request')
  before(scope.Notification, 'requestPermission', () => 'notifications', 'request')
  before(methodsOf('Geolocation'), 'getCurrentPosition', () => 'geolocation', 'request')
  before(methodsOf('Geolocation'), 'watchPosition', () => 'geolocation', 'request')
  before(methodsOf('MediaDevices'), 'getUserMedia', () => 'media', 'request')
  before(methodsOf('MediaDevices'), 'getDisplayMedia', () => 'display-capture', 'request')
  before(methodsOf('Navigator'), 'requestMIDIAccess', () => 'midi', 'request')
  before(methodsOf('Element'), 'requestFullscreen', () => 'fullscreen', 'request')
  before(methodsOf('HID'), 'requestDevice', () => 'hid', 'device')
  before(methodsOf('USB'), 'requestDevice', () => 'usb', 'device')
  before(methodsOf('Serial'), 'requestPort', () => 'serial', 'device')
  const electronNames: Record<string, string> = { 'clipboard-write': 'clipboard-sanitized-write', camera: 'media', microphone: 'media' }
  before(
    methodsOf('Permissions'),
    'query',
    ([descriptor]) => {
      const { name } = descriptor as { name: string }
      return electronNames[name] ?? name
    },
    'check',
  )

  // `nodeIntegration` reaches the page only where there is neither a sandbox nor a world apart.
  if (!options.hasNode) return
  const stub = (name: string) => new Proxy({}, { get: (_, property) => () => `${name}.${String(property)} of the stand-in` })
  Object.assign(globalThis, {
    require: stub,
    module: { exports: {} },
    process: { type: 'renderer', versions: { node: '24' } },
    Buffer: stub('buffer'),
  })
}
