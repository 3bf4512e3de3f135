import { describe, expect, it } from 'vitest'
import { type TemplateFile, templateFileSchema } from '../../../shared/library/template-file'
import { sealedText } from '../../../shared/secret'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { chooseTemplate, creationFrom } from './choose-template'
import { driftOf } from './drift'
import { templateOf } from './saved-template'
import { planTemplate } from './template-changes'

const template = (fields: Partial<TemplateFile>) => templateFileSchema.parse(fields)
const from = (fields: Partial<TemplateFile>) => ({ kind: 'file' as const, id: 'node', template: template(fields) })
const FULL: Partial<TemplateFile> = {
  ...{ name: 'Node', description: 'About it', distro: 'debian-bookworm', env: { A: '1', B: '2' }, limits: { cpus: 2, processes: 512 } },
  ...{ clone: 'owner/repo', branch: 'main', alsoClone: ['owner/other'], initScript: 'echo 1' },
  forwards: [
    { port: 3000, container: null },
    { port: 80, localPort: 8080, container: 'web' },
  ],
}

describe('a workspace from a template', () => {
  it('has what the template says', () => {
    const { options, forwards, libraryTemplate } = creationFrom(from(FULL), { name: 'demo', template: 'node' })
    expect(options).toEqual({
      ...{ name: 'demo', distro: 'debian-bookworm', env: { A: '1', B: '2' }, limits: { cpus: 2, processes: 512 } },
      ...{ clone: 'owner/repo', branch: 'main', alsoClone: ['owner/other'], initScript: 'echo 1' },
    })
    expect(forwards).toEqual([
      { port: 3000, localPort: 3000, container: null },
      { port: 80, localPort: 8080, container: 'web' },
    ])
    expect(libraryTemplate?.id).toBe('node')
    expect(JSON.stringify(libraryTemplate)).not.toContain('echo')
  })

  it('has what is given besides over it: variables and limits one by one, image and repository as a whole', () => {
    const given = {
      name: 'demo',
      env: { B: 'mine', C: '3' },
      limits: { cpus: 1 },
      image: 'debian:13',
      clone: 'me/fork',
      initScript: 'echo 2',
    }
    const { options, libraryTemplate } = creationFrom(from(FULL), given)
    expect(options).toEqual({
      ...{ name: 'demo', env: { A: '1', B: 'mine', C: '3' }, limits: { cpus: 1, processes: 512 } },
      ...{ image: 'debian:13', clone: 'me/fork', initScript: 'echo 2' },
    })
    expect(Object.keys(libraryTemplate?.parts ?? {}).sort()).toEqual(['env.A', 'forwards.3000', 'forwards.80 web', 'limits.processes'])
  })

  it('is found by name, and told apart from a workspace of that name', async () => {
    const records = {
      get: () => null,
      findByName: (name: string) => all.find((record) => record.name === name) ?? null,
      list: () => all,
    } as never
    const all = [
      workspaceRecord({ id: 'w1', name: 'node', template: true }),
      workspaceRecord({ id: 'w2', name: 'base', template: true }),
      workspaceRecord({ name: 'plain' }),
    ]
    const entries = ['node', 'go'].map((id) => ({ kind: 'template', id }))
    const library = { index: async () => ({ entries }), findTemplate: async (id: string) => template({ name: id }) } as never
    const choose = (reference: string) => chooseTemplate({ records, library }, reference)
    expect(await choose('go')).toMatchObject({ kind: 'file', id: 'go' })
    expect(await choose('library:node')).toMatchObject({ kind: 'file', id: 'node' })
    expect(await choose('base')).toMatchObject({ kind: 'workspace', record: { id: 'w2' } })
    await expect(choose('node')).rejects.toMatchObject({
      code: 'TEMPLATE_AMBIGUOUS',
      data: { next: expect.stringContaining('library:node') },
    })
    await expect(choose('plain')).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(choose('bsae')).rejects.toMatchObject({ code: 'LIBRARY_ENTRY_NOT_FOUND', data: { nearest: 'base' } })
    await expect(choose('library:base')).rejects.toMatchObject({ code: 'LIBRARY_ENTRY_NOT_FOUND' })
  })
})

describe('a template that has changed since', () => {
  const applied = creationFrom(from(FULL), { name: 'demo', env: { B: 'mine' } }).libraryTemplate ?? { id: '', parts: {}, own: [] }
  const record = workspaceRecord({ distro: 'debian-bookworm', libraryTemplate: applied })
  const drift = (fields: Partial<TemplateFile>) => driftOf({ knownTemplate: () => template(fields) }, record)

  it('differs in what is another, new, or gone, but not in what the workspace has of its own', () => {
    expect(drift(FULL)).toEqual([])
    expect(drift({ ...FULL, description: 'Other words' })).toEqual([])
    expect(drift({ ...FULL, env: { A: '1', B: 'changed' } })).toEqual([])
    expect(drift({ ...FULL, env: { A: '2', B: '2' } })).toEqual(['env'])
    expect(drift({ ...FULL, env: { B: '2' }, label: 'Shop', distro: 'debian-trixie' }).sort()).toEqual(['distro', 'env', 'label'])
    expect(driftOf({ knownTemplate: () => null }, record)).toEqual([])
  })

  it('is applied: what has changed, and nothing else', () => {
    const plan = planTemplate(
      record,
      applied,
      template({
        ...FULL,
        env: { C: '3', B: '9' },
        limits: { cpus: 4 },
        distro: 'debian-trixie',
        branch: 'next',
        forwards: [{ port: 4000, container: null }],
        skills: ['dev'],
      }),
    )
    expect(plan.update).toEqual({ env: { C: '3', A: null }, limits: { cpus: 4, processes: null }, skills: ['dev'] })
    expect(plan.rebuild).toEqual({ distro: 'debian-trixie' })
    expect(plan.forwards).toEqual({
      added: [{ port: 4000, localPort: 4000, container: null }],
      removed: [
        { port: 3000, container: null },
        { port: 80, container: 'web' },
      ],
    })
    expect(plan.changes.map(({ field, effect, summary }) => [field, effect, summary]).sort()).toEqual([
      ['branch', 'never', 'next'],
      ['distro', 'rebuild', 'debian-trixie'],
      ['env', 'restart', 'set C; remove A'],
      ['forwards', 'live', 'forward 4000; end 3000, 80'],
      ['limits', 'live', 'set cpus; remove processes'],
      ['skills', 'live', 'dev'],
    ])
  })

  it('no longer differs once it was applied; the image only once the workspace has it', () => {
    const next = template({ ...FULL, env: { C: '3' }, distro: 'debian-trixie' })
    const { applied: after } = planTemplate(record, applied, next)
    expect(driftOf({ knownTemplate: () => next }, { ...record, libraryTemplate: after })).toEqual(['distro'])
    expect(driftOf({ knownTemplate: () => next }, { ...record, libraryTemplate: after, distro: 'debian-trixie' })).toEqual([])
  })
})

it('a workspace is saved as a template without its secrets, and without what is its own', () => {
  const record = workspaceRecord({
    ...{ label: 'Mine', distro: 'debian-trixie', env: { KEY: sealedText('s') }, skills: ['dev'], initScript: 'echo', template: false },
    ...{ repo: 'https://host/a.git', branch: 'main', limits: { diskBytes: null, memoryBytes: null, cpus: 2, processes: null } },
    furtherRepos: [{ url: 'https://host/b.git', branch: 'next', folder: 'b' }],
  })
  const forwards = [{ port: 3000, localPort: 3001, container: null }]
  expect(templateOf(record, forwards, { name: 'shop', description: 'For the shop' })).toEqual({
    template: {
      ...{ name: 'shop', description: 'For the shop', distro: 'debian-trixie', skills: ['dev'], initScript: 'echo', limits: { cpus: 2 } },
      ...{ branch: 'main', clone: 'https://host/a.git', alsoClone: ['https://host/b.git#next'] },
      forwards: [{ port: 3000, localPort: 3001, container: null }],
    },
    leftOut: ['KEY'],
  })
})
