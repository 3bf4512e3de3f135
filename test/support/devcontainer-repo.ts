import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from './git-server'
import { NESTED_IMAGE } from './nested-image'

/** A dev container with all that Berth has to do with: a feature, commands, variables, a port, a user. */
export const CONFIG = {
  name: 'demo',
  image: NESTED_IMAGE,
  features: { './local-feature': { greeting: 'hello' } },
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the CLI replaces it.
  containerEnv: { IN_CONTAINER: 'yes', GIVEN: '${localEnv:CHOSEN}' },
  remoteEnv: { FROM_CONFIG: 'of ${localEnv:CHOSEN}', PATH: '${containerEnv:PATH}:/opt/own' },
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
  postCreateCommand: 'echo created >>~/steps',
  postStartCommand: 'echo started >>~/steps',
  forwardPorts: [3000],
  remoteUser: 'dev',
}

const FILES = {
  'devcontainer.json': `// A comment\n${JSON.stringify(CONFIG, null, 2)}`,
  'local-feature/devcontainer-feature.json': JSON.stringify({
    ...{ id: 'local-feature', version: '1.0.0', name: 'Local' },
    options: { greeting: { type: 'string', default: 'hey' } },
  }),
  'local-feature/install.sh': '#!/bin/sh\nset -e\nuseradd -m -u 1234 -s /bin/bash dev\necho "$GREETING" >/etc/greeting\n',
}

/** Makes a repository with it in a folder of this machine, which the caller removes. */
export async function makeDevcontainerRepo(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-devcontainer-'))
  await mkdir(join(folder, '.devcontainer/local-feature'), { recursive: true })
  for (const [file, content] of Object.entries(FILES)) await writeFile(join(folder, '.devcontainer', file), content)
  await git('-C', folder, 'init', '-q', '-b', 'main')
  await git('-C', folder, 'add', '.')
  await git('-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '-m', 'one')
  return folder
}
