import { expect, test } from 'vitest'
import type { Finding } from '../../../shared/finding'
import { useFakeBerth } from '../../testing/use-fake-berth'

const given = useFakeBerth(['demo'])

const gone: Finding = {
  ...{ id: 'container-gone:w1', kind: 'container-gone', severity: 'error', outcome: 'restorable', workspace: 'demo' },
  ...{ message: 'Its container was removed outside Berth.', next: 'Berth can recreate it from the layer it kept.' },
}
const lost: Finding = {
  ...{ id: 'volume-gone:w1', kind: 'volume-gone', severity: 'error', outcome: 'lost', workspace: 'demo' },
  ...{ message: 'Its home volume was\u001b]0;x\u0007 removed.', next: 'Restore a snapshot of it.' },
}
const notice: Finding = {
  ...{ id: 'unprotected:w1', kind: 'unprotected', severity: 'notice', outcome: 'decision', workspace: null },
  ...{ message: 'A layer is too large to be kept.', next: 'Take a snapshot.' },
}

test('says that all is well when nothing was found', async () => {
  expect(await given.run(['doctor'])).toMatchObject({ code: 0, stdout: 'Everything that should exist does.\n', stderr: '' })
  expect((await given.run(['doctor', '--json'])).json()).toEqual([])
})

test('tells what is missing and what can be restored, and ends with 1', async () => {
  given.berth.findings.push(gone, lost)
  const { code, stdout } = await given.run(['doctor'])
  expect(code).toBe(1)
  expect(stdout).toBe(
    [
      '[can be restored] demo: Its container was removed outside Berth.',
      '  Berth can recreate it from the layer it kept. “berth doctor --repair” does it.',
      '[lost] demo: Its home volume was removed.',
      '  Restore a snapshot of it.',
      '',
    ].join('\n'),
  )
  expect((await given.run(['doctor', '--quiet'])).stdout).toBe('container-gone:w1\nvolume-gone:w1\n')
})

test('repairs what can be, and ends with 0 only when nothing is left', async () => {
  given.berth.findings.push(gone)
  const repaired = await given.run(['doctor', '--repair'])
  expect(repaired).toMatchObject({ code: 0, stdout: '[repaired] demo: Its container was removed outside Berth.\n' })
  given.berth.findings.push(lost)
  const { code, stdout } = await given.run(['doctor', '--repair', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject([{ outcome: 'repaired' }, { outcome: 'lost' }])
})

test('a notice is no failure', async () => {
  given.berth.findings.push(notice)
  expect(await given.run(['doctor'])).toMatchObject({ code: 0, stdout: 'A layer is too large to be kept.\n  Take a snapshot.\n' })
})
