import { describe, expect, it } from 'vitest'
import { MOST_LISTENERS, parseReport } from './listener-watch'

const report = (...listeners: unknown[]) => JSON.stringify({ listeners })

describe('a report of ports from inside a workspace', () => {
  it('loses only the listeners that cannot be', () => {
    const ports = [0, -5, 99_999_999, 1.5, '80', null, 3000]
    expect(parseReport(report(...ports.map((port) => ({ address: '0.0.0.0', port }))))).toEqual([{ address: '0.0.0.0', port: 3000 }])
    expect(
      parseReport(report({ address: 'evil', port: 80 }, { address: '::', port: 81, container: { id: '../x', address: null } })),
    ).toEqual([])
  })

  it('is cut where it holds more than anybody has', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ address: '127.0.0.1', port: index + 1 }))
    expect(parseReport(report(...many))).toHaveLength(MOST_LISTENERS)
  })

  it('is no report when it is not JSON, or of another form', () => {
    for (const line of ['{', '{}', '{"listeners":5}', 'OCI runtime exec failed']) expect(parseReport(line)).toBeNull()
  })
})
