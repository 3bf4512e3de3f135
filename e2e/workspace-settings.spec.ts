import type { Page } from '@playwright/test'
import { inContainer } from '../src/shared/testing/in-container'
import { expect, test } from './berth-fixture'
import { type Berth, docker, uniqueName } from './berth-process'
import { accessibilityOf, button, dialog, heading, READY_MS, row, tab } from './page-parts'

const LEVEL_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

test.use({ alone: true })

test('the limits of a running workspace are set, refused and lifted in its settings', async ({ page, berth }) => {
  const name = uniqueName('limits')
  await berth.client.workspaces.start({ name, env: { SECRET: 'hidden value' }, wait: true })
  await row(page, name, 'running').click()
  await page.keyboard.press('Control+k')
  await page.keyboard.type(`Settings of ${name}`)
  await page.keyboard.press('Enter')
  await expect(tab(page, 'Settings')).toHaveAttribute('aria-selected', 'true')
  const [cpus, memory] = ['Processors', 'Memory'].map((label) => page.getByRole('textbox', { name: label }))
  if (cpus === undefined || memory === undefined) throw new Error('There are two fields.')

  await test.step('a limit of memory is in force at once', async () => {
    await memory.fill('1.5g')
    await memory.press('Enter')
    await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
    await expect(memory).toHaveValue('1.5 GiB')
    expect((await hostConfig(berth, name)).Memory).toBe(1.5 * 1024 ** 3)
  })

  await test.step('more processors than the engine has are refused as typed, and not kept', async () => {
    await cpus.fill('1000')
    await expect(cpus).toHaveAccessibleDescription(/all the engine has/)
    await cpus.press('Enter')
    await expect(cpus).toHaveAttribute('aria-invalid', 'true')
    expect((await berth.client.workspaces.get({ workspace: name })).limits.cpus).toBeNull()
    await cpus.press('Escape')
    await expect(cpus).toHaveValue('')
  })

  await test.step('less memory than it uses is refused at the field, in words', async () => {
    // Files of /dev/shm are in memory, and count.
    await berth.client.workspaces.exec({ workspace: name, command: ['sh', '-c', 'head -c 100000000 /dev/zero > /dev/shm/weight'] })
    await memory.fill('64 MiB')
    await memory.press('Enter')
    await expect(memory).toHaveAccessibleDescription(new RegExp(`Not kept: ${name} uses \\d+(\\.\\d)? MiB of memory`))
    await memory.press('Escape')
    await expect(memory).toHaveValue('1.5 GiB')
  })

  await test.step('an empty field lifts it', async () => {
    await memory.fill('')
    await memory.press('Tab')
    await expect.poll(async () => (await berth.client.workspaces.get({ workspace: name })).limits.memoryBytes).toBeNull()
    expect((await hostConfig(berth, name)).Memory).toBeGreaterThan(1.5 * 1024 ** 3)
  })

  await test.step('label, template and variables are changed here too, and values show only when asked for', async () => {
    const label = page.getByRole('textbox', { name: 'Label' })
    await label.fill('my label')
    await label.press('Enter')
    await expect(page.getByRole('banner').or(page.getByRole('main')).getByText('my label').first()).toBeVisible()
    const variables = page.getByRole('textbox', { name: 'Environment' })
    await expect(variables).toHaveValue('SECRET=***')
    await variables.fill('SECRET=***\nMORE=1')
    await variables.press('Control+Enter')
    await expect.poll(async () => Object.keys((await berth.client.workspaces.get({ workspace: name })).env)).toEqual(['SECRET', 'MORE'])
    await button(page, 'Show values').click()
    await expect(variables).toHaveValue('SECRET=hidden value\nMORE=1')
    await button(page, 'Hide values').click()
    await expect(variables).toHaveValue('SECRET=***\nMORE=***')
    await page.getByRole('switch', { name: 'Template' }).click()
    await expect(dialog(page).getByRole('heading')).toHaveText(`Stop ${name} and make it a template?`)
    await button(dialog(page), 'Cancel').click()
  })

  for (const theme of ['light', 'dark'] as const) {
    await test.step(`it meets WCAG at level AA in the ${theme} theme, with a problem too`, async () => {
      await berth.client.settings.update({ theme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      await cpus.fill('many')
      await checkAccessibility(page)
      await cpus.press('Escape')
    })
  }
})

test('a workspace is moved to the pool after a question that says what happens', async ({ page, berth }) => {
  test.slow()
  const { obstacle } = await berth.client.storage.info({})
  const name = uniqueName('move')
  await berth.client.workspaces.start({ name, wait: true })
  await berth.client.workspaces.exec({ workspace: name, command: ['sh', '-c', 'echo kept > /home/workspace/mark'] })
  await row(page, name, 'running').click()
  await tab(page, 'Settings').click()
  const storage = page.getByRole('region', { name: 'Storage' })
  if (obstacle !== null) {
    await expect(storage).toContainText(obstacle)
    await expect(button(storage, 'Move to the pool…')).toHaveCount(0)
    return
  }
  try {
    await expect(storage.getByRole('link', { name: 'Make one in the settings' })).toBeVisible({ timeout: READY_MS })
    await berth.client.storage.enable({ sizeBytes: 2 * 1024 ** 3 })
    await tab(page, 'Overview').click()
    await tab(page, 'Settings').click()

    await button(storage, 'Move to the pool…').click()
    await expect(dialog(page)).toContainText('It is stopped while its data is copied and then started again.')
    await expect(dialog(page)).toContainText(/About .+ to copy; the pool has .+ free\./, { timeout: READY_MS })
    await checkAccessibility(page)
    await button(dialog(page), 'Cancel').click()
    expect((await berth.client.workspaces.get({ workspace: name })).storage).toBe('plain')

    await button(storage, 'Move to the pool…').click()
    await button(dialog(page), 'Stop and move').click()
    await expect(storage.getByRole('region', { name: `Moving ${name}` })).toBeVisible()
    await expect(button(storage, 'Move to plain volumes…')).toBeVisible({ timeout: 60_000 })
    await expect(heading(page, name)).toBeVisible()
    await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
    const { stdout } = await berth.client.workspaces.exec({ workspace: name, command: ['cat', '/home/workspace/mark'] })
    expect(stdout).toBe('kept\n')
  } finally {
    // A loop device would outlive the test.
    await berth.client.workspaces.delete({ workspace: name, wait: true })
    await berth.client.storage.disable({})
  }
})

async function hostConfig({ client }: Berth, name: string) {
  const { containerName } = inContainer(await client.workspaces.get({ workspace: name }))
  return (await docker.getContainer(containerName).inspect()).HostConfig
}

async function checkAccessibility(page: Page): Promise<void> {
  const { violations } = await accessibilityOf(page).withTags(LEVEL_AA).analyze()
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))).toEqual([])
}
