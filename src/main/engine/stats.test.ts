import { expect, it } from 'vitest'
import { toCounters } from './stats'

const common = {
  read: '2026-01-01T00:00:01.5Z',
  cpu_stats: { cpu_usage: { total_usage: 3_000_000_000 } },
  networks: { eth0: { rx_bytes: 10, tx_bytes: 1 }, eth1: { rx_bytes: 5, tx_bytes: 2 } },
  pids_stats: { current: 7 },
}

it('leaves the page cache out, in control groups of the first version', () => {
  const counters = toCounters({
    ...common,
    memory_stats: { usage: 1000, limit: 4000, stats: { total_inactive_file: 300, inactive_file: 1 } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: 'Read', value: 100 },
        { op: 'Write', value: 20 },
        { op: 'Total', value: 120 },
        { op: 'Read', value: 1 },
      ],
    },
  })
  expect(counters).toEqual({
    time: new Date('2026-01-01T00:00:01.500Z'),
    cpuNanoseconds: 3_000_000_000,
    ...{ memoryBytes: 700, memoryLimitBytes: 4000, receivedBytes: 15, sentBytes: 3, readBytes: 101, writtenBytes: 20, processes: 7 },
  })
})

it('and of the second, where much has another name or is missing', () => {
  const counters = toCounters({
    ...common,
    memory_stats: { usage: 1000, limit: 4000, stats: { inactive_file: 400 } },
    blkio_stats: { io_service_bytes_recursive: [{ op: 'read', value: 8 }] },
  })
  expect(counters).toMatchObject({ memoryBytes: 600, readBytes: 8, writtenBytes: 0 })
  expect(toCounters({ ...common, memory_stats: {}, blkio_stats: { io_service_bytes_recursive: null }, networks: undefined })).toMatchObject(
    {
      ...{ memoryBytes: 0, readBytes: 0, receivedBytes: 0 },
    },
  )
})

it('is nothing for a container that does not run', () => {
  expect(toCounters({ ...common, read: '0001-01-01T00:00:00Z', memory_stats: {}, blkio_stats: {} })).toBeNull()
})
