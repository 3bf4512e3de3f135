import { formatBytes } from '../../../shared/byte-size'
import type { StatsSample } from '../../../shared/contract/stats'

const SPARKLINE_HEIGHT = 32
const PLOT_HEIGHT = 150

/** Size in pixels. */
export const plotHeight = (isLarge: boolean) => (isLarge ? PLOT_HEIGHT : SPARKLINE_HEIGHT)

interface FigureLine {
  label: string
  /** Of `--chart-…` in the tokens. */
  colour: 'accent' | 'good'
  value(sample: StatsSample): number
}

/** One plot: what it shows, and how it is read. */
export interface Figure {
  id: 'cpu' | 'memory' | 'network' | 'disk'
  title: string
  lines: FigureLine[]
  format(value: number): string
  /** What the latest sample comes to, in a few words. */
  summary(sample: StatsSample): string
  /** The top of the scale is at least this. */
  leastTop: number
}

const rate = (bytes: number) => `${formatBytes(bytes)}/s`
const percent = (cpus: number) => `${Math.round(cpus * 100)} %`

export const FIGURES: readonly Figure[] = [
  {
    id: 'cpu',
    title: 'CPU',
    lines: [{ label: 'CPU', colour: 'accent', value: ({ cpus }) => cpus }],
    format: percent,
    summary: ({ cpus }) => percent(cpus),
    leastTop: 0.2,
  },
  {
    id: 'memory',
    title: 'Memory',
    lines: [{ label: 'Memory', colour: 'accent', value: ({ memoryBytes }) => memoryBytes }],
    format: formatBytes,
    summary: ({ memoryBytes, memoryLimitBytes }) => `${formatBytes(memoryBytes)} of ${formatBytes(memoryLimitBytes)}`,
    leastTop: 128 * 1024 ** 2,
  },
  {
    id: 'network',
    title: 'Network',
    lines: [
      { label: 'Received', colour: 'accent', value: ({ networkReceived }) => networkReceived },
      { label: 'Sent', colour: 'good', value: ({ networkSent }) => networkSent },
    ],
    format: rate,
    summary: ({ networkReceived, networkSent }) => `↓ ${rate(networkReceived)}  ↑ ${rate(networkSent)}`,
    leastTop: 10_000,
  },
  {
    id: 'disk',
    title: 'Disk',
    lines: [
      { label: 'Read', colour: 'accent', value: ({ diskRead }) => diskRead },
      { label: 'Written', colour: 'good', value: ({ diskWritten }) => diskWritten },
    ],
    format: rate,
    summary: ({ diskRead, diskWritten }) => `read ${rate(diskRead)}, written ${rate(diskWritten)}`,
    leastTop: 10_000,
  },
]
