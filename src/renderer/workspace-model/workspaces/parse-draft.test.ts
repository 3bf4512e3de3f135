import { describe, expect, it } from 'vitest'
import { emptyDraft } from '../../store/dialogs'
import { draftProblems, formatEnvLines, parseDraft, parseEnvLines } from './parse-draft'

const draft = (more: Partial<typeof emptyDraft>) => ({ ...emptyDraft, name: 'demo', ...more })

describe('what is typed into New workspace', () => {
  it('needs only a name', () => {
    expect(parseDraft(draft({}))).toEqual({ ok: true, input: { name: 'demo' } })
  })

  it('leaves out what is blank and the space around what is not', () => {
    const parsed = parseDraft(draft({ name: ' demo ', label: ' My demo ', repo: ' https://example.com/a/b.git ', image: ' ', env: '\n' }))
    expect(parsed).toEqual({ ok: true, input: { name: 'demo', label: 'My demo', clone: 'https://example.com/a/b.git' } })
  })

  it('takes further repositories, one on each line, besides a first one', () => {
    const parsed = parseDraft(draft({ repo: 'owner/shop', furtherRepos: ' owner/api#develop \n\nhttps://host/a/b.git\n' }))
    expect(parsed).toMatchObject({ input: { clone: 'owner/shop', alsoClone: ['owner/api#develop', 'https://host/a/b.git'] } })
    expect(draftProblems(draft({ furtherRepos: 'owner/api' })).furtherRepos).toBe('Enter the first repository.')
    expect(draftProblems(draft({ repo: 'owner/shop', furtherRepos: 'owner/api\nnonsense' })).furtherRepos).toContain('“nonsense”')
  })

  it('goes to the engine that was chosen, but for what is made elsewhere: clones of a workspace and folders of this machine', () => {
    expect(parseDraft(draft({ engine: 'big' }))).toEqual({ ok: true, input: { name: 'demo', engine: 'big' } })
    expect(parseDraft(draft({ engine: 'big', template: 'library:node' }))).toMatchObject({ input: { engine: 'big' } })
    expect(parseDraft(draft({ engine: 'big', template: 'id-of-it' }))).toEqual({ ok: true, input: { name: 'demo', template: 'id-of-it' } })
    expect(parseDraft(draft({ engine: 'team', constraints: 'node.role==worker, node.labels.disk==ssd' }))).toEqual({
      ok: true,
      input: { name: 'demo', engine: 'team', constraints: ['node.role==worker', 'node.labels.disk==ssd'] },
    })
    expect(parseDraft(draft({ engine: 'team', constraints: 'ssd' }))).toMatchObject({
      ok: false,
      problems: { constraints: expect.any(String) },
    })
    expect(parseDraft(draft({ constraints: 'ssd', template: 'id-of-it' }))).toMatchObject({ ok: true })
    expect(parseDraft(draft({ engine: 'big', place: 'host' }))).toEqual({ ok: true, input: { name: 'demo', host: {} } })
  })

  it('takes repository and image from a template, and label and environment from what is typed', () => {
    const template = { template: 'id-of-it', repo: 'none', image: 'an image' }
    expect(parseDraft(draft({ ...template, label: 'mine', env: 'MODE=test' }))).toEqual({
      ok: true,
      input: { name: 'demo', template: 'id-of-it', label: 'mine', env: { MODE: 'test' } },
    })
    expect(parseDraft(draft({ ...template, env: 'no pair' })).ok).toBe(false)
    expect(parseDraft(draft({ name: 'A', template: 'id-of-it' })).ok).toBe(false)
  })

  it.each(['', 'A', '-a', 'a-', 'a_b', 'a b', 'x'.repeat(64), '../x', '$(id)'])('refuses the name %j with a reason', (name) => {
    expect(draftProblems(draft({ name })).name).toEqual(expect.any(String))
    expect(parseDraft(draft({ name })).ok).toBe(false)
  })

  it('refuses a name that exists', () => {
    expect(draftProblems(draft({}), (name) => name === 'demo').name).toBe('A workspace with this name already exists.')
    expect(draftProblems(draft({}), (name) => name === 'other').name).toBeNull()
  })

  it.each(['-x', 'ext::sh -c id', 'nonsense', 'ftp://example.com/a'])('refuses to clone %j', (repo) => {
    expect(draftProblems(draft({ repo })).repo).toEqual(expect.any(String))
  })

  it('refuses a label that is too long and an image with a space', () => {
    expect(draftProblems(draft({ label: 'x'.repeat(65) })).label).toContain('65')
    expect(draftProblems(draft({ image: 'debian 12' })).image).toEqual(expect.any(String))
  })
})

describe('environment variables as lines', () => {
  it('reads them as a .env file is read', () => {
    const text = '# a comment\nA=1\n\nexport B = two words \nC="quoted"\nD=\'single\'\nE=\nF=x=y\nG="'
    expect(parseEnvLines(text)).toEqual({ ok: true, env: { A: '1', B: 'two words', C: 'quoted', D: 'single', E: '', F: 'x=y', G: '"' } })
  })

  it.each(['NOPE', '=x', 'A=1\n1B=2', 'A B=1'])('refuses %j and says in which line', (text) => {
    const parsed = parseEnvLines(text)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? '' : parsed.problem).toContain(`ine ${text.split('\n').length}`)
  })

  it('says what a name may have in it', () => {
    const parsed = parseEnvLines('1B=2')
    expect(parsed.ok ? '' : parsed.problem).toContain('cannot start with a digit')
  })

  it('reads back what it has written', () => {
    const env = { PLAIN: 'x', SPACES: ' around ', QUOTED: '"in quotes"', EMPTY: '', EQUALS: 'a=b' }
    expect(parseEnvLines(formatEnvLines(env))).toEqual({ ok: true, env })
  })
})
