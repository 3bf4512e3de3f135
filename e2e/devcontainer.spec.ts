import { rm } from 'node:fs/promises'
import { makeDevcontainerRepo } from '../test/support/devcontainer-repo'
import { makeNestedImage } from '../test/support/nested-image'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, openReadableTerminal, READY_MS, row, tab, terminalScreen, typeCommand } from './page-parts'

test('the dev container of a repository is offered, built before one’s eyes, and what opens then is inside it', async ({ page, berth }) => {
  const name = uniqueName('devcontainer')
  const folder = await makeDevcontainerRepo()
  await berth.client.workspaces.create({ name, clone: folder, wait: true })
  await rm(folder, { recursive: true })
  await makeNestedImage({ exec: (input) => berth.client.workspaces.exec(input) }, name)

  await row(page, name, 'running').click()
  const banner = page.getByRole('region', { name: 'This repository has a dev container' })
  await expect(banner).toContainText('.devcontainer/devcontainer.json')
  expect((await accessibilityOf(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([])

  await test.step('its build is followed, in words and in its log', async () => {
    await button(banner, 'Open in dev container').click()
    await expect(banner).toBeHidden()
    await expect(page.getByRole('tabpanel').getByText('Build and start the dev container').first()).toBeVisible()
    await tab(page, 'Logs').click()
    await expect(page.getByRole('combobox', { name: 'Source' })).toHaveValue('devcontainer')
    await expect(page.getByRole('log')).toContainText('Running postCreateCommand', { timeout: READY_MS })
  })

  await test.step('a terminal opens inside it, and another outside', async () => {
    await tab(page, 'Overview').click()
    const detail = page.getByRole('region', { name: 'At a glance' })
    await expect(detail).toContainText('running, as dev', { timeout: READY_MS })
    await openReadableTerminal(page)
    await typeCommand(page, 'whoami; cat /etc/greeting')
    await expect(terminalScreen(page)).toContainText('dev')
    await expect(terminalScreen(page)).toContainText('hello')
    await button(page, 'Kinds of sessions').click()
    await page.getByRole('menuitem', { name: 'Shell outside the dev container' }).click()
    await expect(terminalScreen(page)).toContainText(`workspace@${name}`)
  })

  await test.step('a change of its configuration is told when one comes back to it', async () => {
    await tab(page, 'Overview').click()
    const change = ['sed', '-i', 's/"yes"/"changed"/', '/home/workspace/repo/.devcontainer/devcontainer.json']
    await berth.client.workspaces.exec({ workspace: name, command: change, outside: true })
    await tab(page, 'Ports').click()
    await tab(page, 'Overview').click()
    const changed = page.getByRole('region', { name: 'The dev container is out of date' })
    await button(changed, 'Rebuild').click()
    await expect(changed).toBeHidden()
    await expect(page.getByRole('region', { name: 'At a glance' })).toContainText('running, as dev', { timeout: READY_MS })
  })
})
