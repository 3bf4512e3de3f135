import { expect, it } from 'vitest'
import { readLook, referencesOf } from './find-configs'

const REPO = '/home/workspace/repo'

it('reads the configurations that were found, once each, and the text of the one that counts', () => {
  const paths = [`${REPO}/web/.devcontainer.json`, `${REPO}/.devcontainer/devcontainer.json`, `${REPO}/.devcontainer/devcontainer.json`]
  expect(readLook(`${paths.join('\0')}\0\0{"image":"x"}`)).toEqual({
    paths: ['web/.devcontainer.json', '.devcontainer/devcontainer.json'],
    content: '{"image":"x"}',
  })
  expect(readLook('\0')).toEqual({ paths: [], content: '' })
  expect(readLook('')).toEqual({ paths: [], content: '' })
})

it('leaves out unreasonable names and numbers', () => {
  const strange = ['/etc/passwd', `${REPO}/.devcontainer/a\nb/devcontainer.json`]
  const many = Array.from({ length: 30 }, (_, index) => `${REPO}/.devcontainer/${index}/devcontainer.json`)
  expect(readLook(`${[...strange, ...many].join('\0')}\0\0`).paths).toEqual(many.slice(0, 20).map((path) => path.slice(REPO.length + 1)))
})

it('knows what a configuration is made of, comments and mistakes notwithstanding', () => {
  const config = `{ // of the team
    "build": { "dockerfile": "../Dockerfile" },
    "features": { "./local": {}, "registry.example/features/node:1": {}, "../shared": {} },
  }`
  const folder = `${REPO}/.devcontainer`
  expect(referencesOf('.devcontainer/devcontainer.json', config)).toEqual([
    `${folder}/devcontainer.json`,
    `${folder}/../Dockerfile`,
    `${folder}/./local`,
    `${folder}/../shared`,
  ])
  expect(referencesOf('.devcontainer.json', '{"dockerComposeFile":["a.yml","b.yml"]}')).toEqual([
    `${REPO}/.devcontainer.json`,
    `${REPO}/a.yml`,
    `${REPO}/b.yml`,
  ])
  for (const broken of ['', '[]', 'null', '{"build":7,"features":[]}', '{"dockerFile":"/etc/shadow"}'])
    expect(referencesOf('.devcontainer.json', broken)).toEqual([`${REPO}/.devcontainer.json`])
})
