import { ArrowDownToLine, Clock, Copy, Download, Eraser, ListFilter, WrapText } from 'lucide-react'
import type { RefObject } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { LogSourceInfo, LogSourceName } from '../../../shared/contract/logs'
import { Button, IconButton, IconToggle, PRESSED } from '../../ui/button'
import { Select } from '../../ui/field'
import { Menu, MenuItem } from '../../ui/menu'
import { JumpToTime } from './jump-to-time'
import type { LogClient } from './log-client'
import { LogSearchField } from './log-search-field'
import { useLogView } from './use-log'
import type { Level } from './worker/line-flags'
import type { LogQuery } from './worker/search-chunk'

const SOURCE_NAMES: Record<LogSourceName, string> = {
  container: 'Container',
  init: 'Init script',
  'post-start': 'Start script',
  build: 'How it was made',
  devcontainer: 'Dev container',
  engine: 'Engine inside',
  ssh: 'ssh server',
}

const LEVEL_CHOICES: readonly { level: Level; name: string }[] = [
  { level: 'none', name: 'All levels' },
  { level: 'debug', name: 'Debug and up' },
  { level: 'info', name: 'Info and up' },
  { level: 'warn', name: 'Warnings, errors' },
  { level: 'error', name: 'Errors' },
]

export interface LogFilter {
  leastLevel: Level
  onlyMatching: boolean
}

interface LogToolbarProps {
  searchRef: RefObject<HTMLInputElement | null>
  log: LogClient
  source: LogSourceName
  sources: readonly LogSourceInfo[]
  onSource(source: LogSourceName): void
  query: LogQuery
  onQuery(query: LogQuery): void
  onStep(direction: 1 | -1): void
  onLeaveSearch(): void
  filter: LogFilter
  onFilter(filter: LogFilter): void
  follow: boolean
  onFollow(follow: boolean): void
  wrap: boolean
  onWrap(wrap: boolean): void
  showTime: boolean
  onShowTime(show: boolean): void
  onJump(time: number): void
  onClear(): void
  onSave(lines: 'all' | 'visible'): void
  onCopyAll(): void
}

export function LogToolbar(props: LogToolbarProps) {
  const { log, filter, follow, wrap, showTime, source, sources, query } = props
  const isEmpty = useLogView(log, ({ total }) => total === 0) ?? true
  const isFiltered = filter.leastLevel !== 'none' || (filter.onlyMatching && query.text !== '')
  const known = sources.some((info) => info.source === source) ? sources : [{ source, bytes: null }, ...sources]

  return (
    <div role="toolbar" aria-label="Log" className="flex shrink-0 flex-wrap items-center gap-1 border-line border-b bg-sunken px-2 py-1">
      <Select
        aria-label="Source"
        value={source}
        onChange={(event) => {
          const chosen = known.find((info) => info.source === event.target.value)
          if (chosen) props.onSource(chosen.source)
        }}
        className="h-6! w-auto! max-w-52 text-sm"
      >
        {known.map(({ source: name, bytes }) => (
          <option key={name} value={name}>
            {bytes === null ? SOURCE_NAMES[name] : `${SOURCE_NAMES[name]} (${formatBytes(bytes)})`}
          </option>
        ))}
      </Select>
      <LogSearchField
        inputRef={props.searchRef}
        query={query}
        onQuery={props.onQuery}
        log={log}
        onStep={props.onStep}
        onLeave={props.onLeaveSearch}
      />
      <IconToggle
        icon={ListFilter}
        label="Show only lines that match"
        isOn={filter.onlyMatching}
        onClick={() => props.onFilter({ ...filter, onlyMatching: !filter.onlyMatching })}
      />
      <Select
        aria-label="Level"
        value={filter.leastLevel}
        onChange={(event) => {
          const chosen = LEVEL_CHOICES.find(({ level }) => level === event.target.value)
          if (chosen) props.onFilter({ ...filter, leastLevel: chosen.level })
        }}
        className="h-6! w-auto! text-sm"
      >
        {LEVEL_CHOICES.map(({ level, name }) => (
          <option key={level} value={level}>
            {name}
          </option>
        ))}
      </Select>
      <span className="ml-auto" />
      <Button
        variant="ghost"
        size="small"
        icon={ArrowDownToLine}
        aria-pressed={follow}
        className={PRESSED}
        onClick={() => props.onFollow(!follow)}
      >
        Follow
      </Button>
      <IconToggle icon={WrapText} label="Wrap long lines" isOn={wrap} onClick={() => props.onWrap(!wrap)} />
      <IconToggle icon={Clock} label="Show times" isOn={showTime} onClick={() => props.onShowTime(!showTime)} />
      <JumpToTime disabled={isEmpty} latest={() => log.view().rows.at(-1)?.time ?? null} onJump={props.onJump} />
      <span aria-hidden className="mx-1 h-4 w-px bg-line-strong" />
      <IconButton icon={Eraser} label="Clear this view" size="small" disabled={isEmpty} onClick={props.onClear} />
      <IconButton icon={Copy} label="Copy the log" size="small" disabled={isEmpty} onClick={props.onCopyAll} />
      <Menu trigger={<IconButton icon={Download} label="Save the log" size="small" disabled={isEmpty} />}>
        <MenuItem icon={Download} onSelect={() => props.onSave('all')}>
          Save all lines
        </MenuItem>
        <MenuItem icon={ListFilter} disabled={!isFiltered} onSelect={() => props.onSave('visible')}>
          Save the lines shown
        </MenuItem>
      </Menu>
    </div>
  )
}
