import { describe, expect, it } from 'vitest'
import {
  checkEndpoint,
  checkFontFamily,
  checkFontSize,
  checkImage,
  checkPortRange,
  checkScrollback,
  checkSnapshotsKept,
} from './check-settings'

describe('settings as they are typed', () => {
  it('takes a range of ports', () => {
    expect(checkPortRange(' 2200', '2400 ')).toEqual({ ok: true, value: { from: 2200, to: 2400 } })
    expect(checkPortRange('3000', '3000').ok).toBe(true)
  })

  it.each([
    ['', '2400'],
    ['22x', '2400'],
    ['80', '2400'],
    ['2200', '70000'],
    ['2400', '2200'],
    ['2200.5', '2400'],
  ])('refuses the range from %j to %j', (from, to) => {
    expect(checkPortRange(from, to).ok).toBe(false)
  })

  it('takes a font size within reason', () => {
    expect(checkFontSize('13')).toEqual({ ok: true, value: 13 })
    expect([checkFontSize('7').ok, checkFontSize('33').ok, checkFontSize('big').ok]).toEqual([false, false, false])
  })

  it('takes a number of snapshots to keep, none included', () => {
    expect(['0', '3', '100'].map((typed) => checkSnapshotsKept(typed).ok)).toEqual([true, true, true])
    expect(['', '-1', '101', '1.5', 'all'].map((typed) => checkSnapshotsKept(typed).ok)).toEqual([false, false, false, false, false])
  })

  it('takes an empty endpoint or image for none', () => {
    expect(checkEndpoint(' ')).toEqual({ ok: true, value: null })
    expect(checkImage('')).toEqual({ ok: true, value: null })
  })

  it('wants an endpoint to say how it is spoken to', () => {
    expect(checkEndpoint('unix:///var/run/docker.sock').ok).toBe(true)
    expect(checkEndpoint('/var/run/docker.sock').ok).toBe(false)
  })

  it('takes any font by its name, and none for Berth’s own', () => {
    expect(checkFontFamily(' JetBrains Mono NL ')).toEqual({ ok: true, value: 'JetBrains Mono NL' })
    expect(checkFontFamily('')).toEqual({ ok: true, value: null })
    expect(checkFontFamily('Hack; color: red').ok).toBe(false)
  })

  it('keeps no more lines than memory allows', () => {
    expect(checkScrollback('0')).toEqual({ ok: true, value: 0 })
    expect(checkScrollback('100000').ok).toBe(true)
    expect(checkScrollback('100001').ok).toBe(false)
    expect(checkScrollback('many').ok).toBe(false)
  })
})
