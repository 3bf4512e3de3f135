import { expect, test } from 'vitest'
import { candidatesOf, decideChanges, pathsToLookAt } from './changes'
import type { InsideState } from './look-inside'
import type { Sent } from './manifest'
import type { PlannedEntry } from './planned-entry'

const HOME = '/home/workspace'
const MODIFIED = 1_700_000_000

function file(name: string, stamp = 'new'): PlannedEntry {
  const modifiedAt = new Date(MODIFIED * 1000)
  return { kind: 'file', path: `${HOME}/${name}`, mode: 0o644, size: 3, modifiedAt, stamp, source: { host: `/host/${name}` } }
}
const sentFile = (digest: string, stamp = 'old'): Sent => ({ kind: 'file', mode: 0o644, modified: MODIFIED, digest, stamp })
const there = (digest: string, modified = MODIFIED): InsideState => ({ kind: 'file', mode: 0o644, modified, digest })

interface Scene {
  plan: PlannedEntry[]
  sent?: Record<string, Sent>
  inside?: Record<string, InsideState>
  force?: boolean
}

/** The digest of every file on this machine is `host`. */
async function decide({ plan, sent = {}, inside = {}, force = false }: Scene) {
  const at = <Value>(byName: Record<string, Value>) => new Map(Object.entries(byName).map(([name, value]) => [`${HOME}/${name}`, value]))
  const known = at(sent)
  const changes = await decideChanges(candidatesOf(plan, known, force), {
    ...{ sent: known, inside: at(inside), force },
    hostDigest: async () => 'host',
  })
  const names = (paths: Iterable<string>) => [...paths].map((path) => path.slice(HOME.length + 1))
  return {
    send: names(changes.send.map(({ path }) => path)),
    remove: names(changes.remove),
    conflicts: names(changes.conflicts),
    present: names(changes.present.keys()),
  }
}

const nothing = { send: [], remove: [], conflicts: [], present: [] }

test('of many files only the one that changed is a candidate', () => {
  const plan = Array.from({ length: 1000 }, (_, index) => file(`d/${index}`, index === 500 ? 'new' : 'old'))
  const sent = new Map(plan.map(({ path }) => [path, sentFile('x')]))
  const candidates = candidatesOf(plan, sent, false)
  expect(candidates.changed.map(({ path }) => path)).toEqual([`${HOME}/d/500`])
  expect(candidates.unchanged).toBe(999)
  expect(pathsToLookAt(candidates)).toEqual([`${HOME}/d`, `${HOME}/d/500`])
})

test('what is not there is sent, and what is as it was sent is replaced', async () => {
  expect(await decide({ plan: [file('a')] })).toEqual({ ...nothing, send: ['a'] })
  expect(await decide({ plan: [file('a')], sent: { a: sentFile('x') }, inside: { a: there('x') } })).toEqual({ ...nothing, send: ['a'] })
})

test('what was changed or made inside is left, unless it is forced', async () => {
  const changed = { plan: [file('a')], sent: { a: sentFile('x') }, inside: { a: there('mine') } }
  expect(await decide(changed)).toEqual({ ...nothing, conflicts: ['a'] })
  expect(await decide({ ...changed, force: true })).toEqual({ ...nothing, send: ['a'] })
  expect(await decide({ plan: [file('a')], inside: { a: there('mine') } })).toEqual({ ...nothing, conflicts: ['a'] })
  const link: InsideState = { kind: 'link', target: '/etc/passwd' }
  expect(await decide({ plan: [file('a')], sent: { a: sentFile('x') }, inside: { a: link } })).toEqual({ ...nothing, conflicts: ['a'] })
})

test('a folder in the place of a file stays, even if it is forced', async () => {
  expect(await decide({ plan: [file('a')], inside: { a: { kind: 'folder' } }, force: true })).toEqual({ ...nothing, conflicts: ['a'] })
})

test('the same content is no conflict: after a sync that was cut off, and where the manifest is lost', async () => {
  expect(await decide({ plan: [file('a')], sent: { a: sentFile('x') }, inside: { a: there('host') } })).toEqual({
    ...nothing,
    present: ['a'],
  })
  expect(await decide({ plan: [file('a')], inside: { a: there('host') } })).toEqual({ ...nothing, present: ['a'] })
  // With another time it is sent, for that.
  expect(await decide({ plan: [file('a')], inside: { a: there('host', 1) } })).toEqual({ ...nothing, send: ['a'] })
})

test('files that are no longer planned are removed, unless they were changed', async () => {
  const sent = { a: sentFile('x'), b: sentFile('x'), gone: sentFile('x') }
  const inside = { a: there('x'), b: there('mine') }
  expect(await decide({ plan: [], sent, inside })).toEqual({ ...nothing, remove: ['a'], conflicts: ['b'] })
  expect(await decide({ plan: [], sent, inside, force: true })).toEqual({ ...nothing, remove: ['a', 'b'] })
})

test('with force what is as it is to be is not sent again', async () => {
  expect(await decide({ plan: [file('a', 'old')], sent: { a: sentFile('host') }, inside: { a: there('host') }, force: true })).toEqual({
    ...nothing,
    present: ['a'],
  })
})
