import { describe, expect, it } from 'vitest'
import { checkCpus, checkMemory, checkProcesses } from './check-limits'

describe('the limits of a workspace as typed', () => {
  it.each([checkMemory, checkProcesses, (typed: string) => checkCpus(typed, 2)])('are none when the field is empty', (check) => {
    expect(check('  ')).toEqual({ ok: true, value: null })
  })

  it.each([
    ['1.5', 1.5],
    ['0,5', 0.5],
    ['.5', 0.5],
    [' 2 ', 2],
  ])('take %j as processors', (typed, value) => {
    expect(checkCpus(typed, 2)).toEqual({ ok: true, value })
  })

  it.each(['0', '2.01', '1000', 'two', '-1', '1e1', '.'])('refuse %j of two processors, and name how many there are', (typed) => {
    expect(checkCpus(typed, 2)).toEqual({ ok: false, problem: 'From 0.1 to 2, which is all the engine has.' })
  })

  it('leave the number of processors to the engine while it is not known', () => {
    expect(checkCpus('64', null)).toEqual({ ok: true, value: 64 })
    expect(checkCpus('64000', null).ok).toBe(false)
  })

  it('take memory as a size', () => {
    expect(checkMemory('512 MiB')).toEqual({ ok: true, value: 512 * 1024 ** 2 })
    expect(checkMemory('1 MiB')).toEqual({ ok: false, problem: 'Enter a size from 64 MiB to 1024 TiB.' })
    expect(checkMemory('a lot')).toEqual({ ok: false, problem: 'Enter a size such as 4G, 500M or 1.5 TiB.' })
  })

  it.each(['63', '4194305', '1.5', 'many'])('refuse %j processes', (typed) => {
    expect(checkProcesses(typed).ok).toBe(false)
  })

  it('take whole numbers of processes', () => {
    expect(checkProcesses('4096')).toEqual({ ok: true, value: 4096 })
  })
})
