import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, resolve, sep } from 'node:path'
import type { BarePage } from './bare-browser'
import { OUTPUT_KINDS, type OutputKind, outputBlock } from './terminal-output'

const TYPES: Record<string, string> = { '.css': 'text/css', '.js': 'text/javascript', '.html': 'text/html' }
const PAGE = 'bench/support/terminal-floor.html'

interface TerminalOptions {
  cols: number
  rows: number
  webgl: boolean
  fontFamily: string
  fontSize: number
  scrollback: number
}

interface FloorWindow {
  openTerminal(options: TerminalOptions): void
  writeAll(kind: OutputKind, times: number): Promise<number>
}

export interface XtermAlone {
  /** Milliseconds that the block written so many times takes. */
  write(kind: OutputKind, times: number): Promise<number>
  close(): Promise<void>
}

/** An xterm in a page with nothing else, which writes the same bytes straight from the page's memory. */
export async function openXtermAlone(page: BarePage, options: TerminalOptions): Promise<XtermAlone> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const kind = OUTPUT_KINDS.find((known) => path === `/${known}`)
    if (kind !== undefined) {
      response.end(outputBlock(kind))
      return
    }
    const file = resolve(path === '/' ? PAGE : `.${path}`)
    if (file !== resolve(PAGE) && !file.startsWith(resolve('node_modules/@xterm') + sep)) {
      response.writeHead(404).end()
      return
    }
    readFile(file).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.evaluate((given) => (window as unknown as FloorWindow).openTerminal(given), options)
  return {
    write: (kind, times) =>
      page.evaluate(([name, count]) => (window as unknown as FloorWindow).writeAll(name, count), [kind, times] as const),
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
