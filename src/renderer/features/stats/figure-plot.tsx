import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import type { StatsSample } from '../../../shared/contract/stats'
import { formatClock } from '../../ui/format'
import { onThemeChange } from '../../workspace-model/terminal/terminal-theme'
import { type Figure, plotHeight } from './figures'
import 'uplot/dist/uPlot.min.css'

/** Seconds from its left to its right edge. */
const WINDOW_SECONDS = 300

interface FigurePlotProps {
  figure: Figure
  samples: StatsSample[]
  /** With axes, and values where the pointer is. */
  isLarge: boolean
}

/** A line of the last five minutes. Drawn anew with each sample, and not in between. */
export function FigurePlot({ figure, samples, isLarge }: FigurePlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(samples)
  latest.current = samples

  useEffect(() => {
    const { current: element } = place
    if (element === null) return
    const draw = () => {
      plot.current?.destroy()
      plot.current = new uPlot(options(figure, isLarge, element.clientWidth), alignedData(figure, latest.current), element)
    }
    draw()
    const endTheme = onThemeChange(draw)
    const observer = new ResizeObserver(() => plot.current?.setSize(sizeOf(isLarge, element.clientWidth)))
    observer.observe(element)
    return () => {
      endTheme()
      observer.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [figure, isLarge])

  useEffect(() => {
    plot.current?.setData(alignedData(figure, samples))
  }, [figure, samples])

  return <div ref={place} aria-hidden style={{ height: plotHeight(isLarge) }} className="w-full overflow-hidden" />
}

const sizeOf = (isLarge: boolean, width: number) => ({ width, height: plotHeight(isLarge) })

function alignedData(figure: Figure, samples: StatsSample[]): uPlot.AlignedData {
  return [samples.map(({ time }) => Date.parse(time) / 1000), ...figure.lines.map(({ value }) => samples.map(value))]
}

function options(figure: Figure, isLarge: boolean, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const axis = { stroke: token('ink-muted'), grid: { stroke: token('line'), width: 1 }, ticks: { show: false } }
  const font = `11px ${style.fontFamily}`
  return {
    ...sizeOf(isLarge, width),
    padding: isLarge ? [8, 18, 0, 0] : [2, 0, 2, 0],
    legend: { show: false },
    cursor: { show: isLarge, drag: { x: false, y: false }, points: { size: 6 } },
    hooks: isLarge ? { init: [addReadout(figure)] } : {},
    scales: {
      x: { range: (_plot, _from, to) => [to - WINDOW_SECONDS, to] },
      y: { range: (_plot, _from, to) => [0, Math.max(to * 1.1, figure.leastTop)] },
    },
    axes: isLarge
      ? [
          {
            ...axis,
            font,
            size: 24,
            space: 70,
            values: (_plot, times) => times.map((time) => formatClock(new Date(time * 1000).toISOString(), time * 1000)),
          },
          { ...axis, font, size: 72, space: 34, values: (_plot, values) => values.map(figure.format) },
        ]
      : [{ show: false }, { show: false }],
    series: [
      {},
      ...figure.lines.map(({ label, colour }) => ({
        label,
        stroke: token(colour === 'good' ? 'good-dot' : 'accent'),
        width: 1.5,
        fill: `${token(colour === 'good' ? 'good-dot' : 'accent')}1f`,
        points: { show: false },
      })),
    ],
  }
}

/** The time and the values under the pointer, in the corner of the plot. */
function addReadout(figure: Figure): (plot: uPlot) => void {
  return (plot) => {
    const readout = document.createElement('div')
    readout.className = 'pointer-events-none absolute top-1 right-2 rounded-sm bg-raised/90 px-1.5 text-ink text-xs tabular-nums'
    readout.hidden = true
    plot.over.appendChild(readout)
    const hooks = plot.hooks.setCursor ?? []
    hooks.push(({ cursor: { idx }, data }) => {
      readout.hidden = idx == null
      if (idx == null) return
      const time = new Date((data[0][idx] ?? 0) * 1000)
      const values = figure.lines.map(({ label }, line) => `${label} ${figure.format(data[line + 1]?.[idx] ?? 0)}`)
      readout.textContent = [time.toLocaleTimeString('en-GB'), ...values].join('  ')
    })
    plot.hooks.setCursor = hooks
  }
}
