import { expect, test } from 'vitest'
import { toProcesses } from './processes'

test('rows of ps become processes, by their numbers', () => {
  const answer = {
    Titles: ['PID', 'PPID', 'ELAPSED', 'TIME', 'RSS', 'COMMAND'],
    Processes: [
      ['70', '7', '2-01:00:05', '00:01:02', '2048', 'node server.js'],
      ['7', '1', '05:12', '0:00', '1.5m', 'sleep', '1'],
    ],
  }
  expect(toProcesses(answer)).toEqual([
    { pid: 7, parentPid: 1, age: 312, cpuTime: 0, memoryBytes: 1_572_864, command: 'sleep 1' },
    { pid: 70, parentPid: 7, age: 176_405, cpuTime: 62, memoryBytes: 2_097_152, command: 'node server.js' },
  ])
  expect(toProcesses({ Titles: [], Processes: null })).toEqual([])
})

test('Podman writes times as durations', () => {
  const answer = { Titles: [], Processes: [['1', '0', '2h1m11.048910281s', '90ms', '688', '/run/podman-init -- sleep 1']] }
  expect(toProcesses(answer)).toEqual([
    { pid: 1, parentPid: 0, age: 7271, cpuTime: 0, memoryBytes: 704_512, command: '/run/podman-init -- sleep 1' },
  ])
})
