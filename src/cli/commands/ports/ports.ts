import type { PortForward, PortListener, WorkspacePorts } from '../../../shared/port-forward'
import { isSamePort } from '../../../shared/port-target'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { paintFor } from '../../output/format/paint'
import { oneLine } from '../../output/format/plain-text'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'

export interface PortOptions {
  container?: string
}

export interface ProxyWish {
  port: number
  localPort?: number
}

export async function listPorts(context: CliContext, workspace: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const ports = await client.ports.list({ workspace })
    if (context.options.json) return printJson(context, ports)
    const rows = portRows(ports)
    if (context.options.quiet) return printLines(context, [...new Set(rows.map(({ port }) => String(port)))])
    if (ports.listeners === null) remark(context, 'What listens is not known: it does not run, or its image has no watcher.')
    else if (rows.length === 0) remark(context, `Nothing listens in ${workspace}, and nothing is forwarded.`)
    if (rows.length === 0) return
    const paint = paintFor(context.stdout, context.env)
    const table = [['PORT', 'PROGRAM', 'CONTAINER', 'FORWARDED'], ...rows.map(cells)]
    printLines(
      context,
      formatTable(table, (text, row) => (row === 0 ? paint('dim', text) : text), { columns: paint.columns }),
    )
  })
}

export async function addPort(
  context: CliContext,
  workspace: string,
  { port, localPort, container }: PortOptions & { port: number; localPort: number | undefined },
): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const opened = await client.ports.add({
      ...{ workspace, port },
      ...(localPort === undefined ? {} : { localPort }),
      ...(container === undefined ? {} : { container }),
    })
    if (context.options.json) return printJson(context, opened)
    if (opened.notice !== null) remark(context, opened.notice)
    printForward(context, workspace, opened.forward)
  })
}

export async function removePort(context: CliContext, workspace: string, port: number, { container }: PortOptions): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const ports = await client.ports.remove({ workspace, port, ...(container === undefined ? {} : { container }) })
    if (context.options.json) printJson(context, ports)
    else printLines(context, [context.options.quiet ? String(port) : `Port ${port} of ${workspace} is not forwarded any more`])
  })
}

/** Until it is interrupted, or the connection to Berth ends. */
export async function proxyPorts(context: CliContext, workspace: string, forwards: ProxyWish[]): Promise<void> {
  await withConnection(context, async ({ client }) => {
    for await (const opened of await client.ports.proxy({ workspace, forwards })) {
      if (context.options.json) printJson(context, opened)
      else {
        for (const { forward, notice } of opened) {
          if (notice !== null) remark(context, notice)
          printForward(context, workspace, forward)
        }
        remark(context, 'Ctrl-C ends it.')
      }
    }
  })
}

function printForward(context: CliContext, workspace: string, forward: PortForward): void {
  if (context.options.quiet) return printLines(context, [String(forward.localPort)])
  const place =
    forward.container === null ? `port ${forward.port} of ${workspace}` : `port ${forward.port} of ${forward.container} in ${workspace}`
  if (forward.status === 'failed') printLines(context, [oneLine(forward.problem?.message ?? `${place} cannot be forwarded.`)])
  else
    printLines(context, [`http://127.0.0.1:${forward.localPort} leads to ${place}${forward.status === 'waiting' ? ' once it runs' : ''}`])
}

interface PortRow {
  port: number
  container: string | null
  listener: PortListener | null
  forwards: PortForward[]
}

function portRows({ listeners, forwards }: WorkspacePorts): PortRow[] {
  const seen = (listeners ?? []).map((listener) => ({
    ...{ port: listener.port, container: listener.container, listener },
    forwards: forwards.filter((forward) => isSamePort(forward, listener)),
  }))
  const rest = forwards.filter((forward) => !seen.some((row) => isSamePort(row, forward)))
  const unseen = rest.map((forward) => ({ port: forward.port, container: forward.container, listener: null, forwards: [forward] }))
  return [...seen, ...unseen].sort((a, b) => a.port - b.port)
}

function cells({ port, container, listener, forwards }: PortRow): string[] {
  const program = listener === null ? '-' : (listener.process ?? '?')
  const local = forwards.map(({ localPort, status }) => `127.0.0.1:${localPort}${status === 'open' ? '' : ` (${status})`}`)
  return [String(port), oneLine(program), oneLine(container ?? listener?.publishedBy ?? '-'), local.join(', ') || '-']
}
