import type { Locator, Page } from '@playwright/test'
import { expect, test } from './berth-fixture'
import type { Berth } from './berth-process'
import { uniqueName } from './berth-process'
import { button, dialog, openReadableTerminal, READY_MS, row, terminalInput, typeCommand } from './page-parts'

test.use({ alone: true })

const sessionTabs = (page: Page): Locator => page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab')
const panes = (page: Page): Locator => page.locator('[data-session]:visible')
const textOf = (pane: Locator): Locator => pane.locator('.xterm-accessibility-tree')
const inputOf = (pane: Locator): Locator => pane.getByRole('textbox', { name: 'Terminal input' })

async function openTerminalOf(page: Page, berth: Berth, prefix: string): Promise<string> {
  const name = uniqueName(prefix)
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click()
  await openReadableTerminal(page)
  return name
}

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await button(page, menu).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('terminals are split, named, moved and found again after a reload', async ({ page, berth }) => {
  await openTerminalOf(page, berth, 'split')

  await test.step('a pane is split to the right and downwards, and each has a shell of its own', async () => {
    await typeCommand(page, 'echo first $((1 + 1))')
    await expect(textOf(panes(page))).toContainText('first 2')
    await page.keyboard.press('Control+Shift+D')
    await expect(panes(page)).toHaveCount(2)
    await expect(inputOf(panes(page).nth(1))).toBeFocused()
    await typeCommand(page, 'echo second $((2 + 2))')
    await expect(textOf(panes(page).nth(1))).toContainText('second 4')
    await page.keyboard.press('Control+Shift+E')
    await expect(panes(page)).toHaveCount(3)
    await expect(inputOf(panes(page).nth(2))).toBeFocused()
    await typeCommand(page, 'echo third $((3 + 3))')
    await expect(textOf(panes(page).nth(2))).toContainText('third 6')
    await expect(sessionTabs(page)).toHaveCount(1)
  })

  await test.step('the keyboard goes from pane to pane', async () => {
    await page.keyboard.press('Control+Shift+ArrowUp')
    await expect(inputOf(panes(page).nth(1))).toBeFocused()
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await expect(inputOf(panes(page).nth(0))).toBeFocused()
  })

  await test.step('the line between two panes is moved with the keyboard and with the mouse', async () => {
    const divider = page.getByRole('separator', { name: 'Between the panes left and right' })
    const width = async () => (await panes(page).first().boundingBox())?.width ?? 0
    const before = await width()
    await divider.focus()
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight')
    await expect.poll(width).toBeGreaterThan(before + 50)
    const at = await divider.boundingBox()
    if (at === null) throw new Error('The line is not on the page.')
    await page.mouse.move(at.x + at.width / 2, at.y + 100)
    await page.mouse.down()
    await page.mouse.move(at.x - 300, at.y + 100, { steps: 4 })
    await page.mouse.up()
    await expect.poll(width).toBeLessThan(before - 100)
  })

  await test.step('a tab is renamed where it is', async () => {
    await sessionTabs(page).first().dblclick()
    await page.keyboard.type('servers')
    await page.keyboard.press('Enter')
    await expect(sessionTabs(page).first()).toContainText('servers')
  })

  await test.step('a second session gets a tab, which is moved with the keyboard', async () => {
    await button(page, 'New session').click()
    await expect(sessionTabs(page)).toHaveCount(2)
    await expect(inputOf(panes(page))).toBeFocused()
    await page.keyboard.press('Control+Shift+L')
    await expect(sessionTabs(page).nth(1)).toBeFocused()
    await page.keyboard.press('F2')
    await page.keyboard.type('notes')
    await page.keyboard.press('Enter')
    await expect(sessionTabs(page).nth(1)).toContainText('notes')
    await sessionTabs(page).nth(1).focus()
    await page.keyboard.press('Control+ArrowLeft')
    await expect(sessionTabs(page).first()).toContainText('notes')
  })

  await test.step('after a reload all is where it was, with what was on the screens', async () => {
    await page.reload()
    await expect(sessionTabs(page)).toHaveCount(2)
    await expect(sessionTabs(page).first()).toContainText('notes')
    await sessionTabs(page).nth(1).click()
    await expect(panes(page)).toHaveCount(3)
    for (const text of ['first 2', 'second 4', 'third 6'])
      await expect(page.getByRole('tabpanel', { name: /^servers/ })).toContainText(text)
    expect((await panes(page).first().boundingBox())?.width).toBeLessThan(400)
  })

  await test.step('a tab is dragged beside a pane, and a pane back to a tab of its own', async () => {
    const target = panes(page).first()
    await sessionTabs(page)
      .first()
      .dragTo(target, { targetPosition: { x: 10, y: 200 } })
    await expect(sessionTabs(page)).toHaveCount(1)
    await expect(panes(page)).toHaveCount(4)
    await choose(page, 'Terminal menu', 'Move to a tab of its own')
    await expect(sessionTabs(page)).toHaveCount(2)
  })

  await test.step('a session that runs is closed only when that is confirmed', async () => {
    const count = await sessionTabs(page).count()
    await page.keyboard.press('Control+Shift+X')
    await button(dialog(page), 'Keep it').click()
    await expect(sessionTabs(page)).toHaveCount(count)
    await page.keyboard.press('Control+Shift+X')
    await button(dialog(page), 'End session').click()
    await expect(sessionTabs(page)).toHaveCount(count - 1)
  })
})

test('what has been on the screen is searched', async ({ page, berth }) => {
  await openTerminalOf(page, berth, 'search')
  await typeCommand(page, 'seq 1 300; echo Needle; echo needle')
  await expect(textOf(panes(page))).toContainText('needle')
  await page.keyboard.press('Control+Shift+F')
  const search = page.getByRole('search', { name: 'Search in the terminal' })
  await expect(search.getByRole('textbox')).toBeFocused()

  await page.keyboard.type('needle')
  await expect(search).toContainText('4 of 4')
  await page.keyboard.press('Shift+Enter')
  await expect(search).toContainText('3 of 4')
  await page.keyboard.press('Enter')
  await expect(search).toContainText('4 of 4')
  await button(search, 'Match case').click()
  await expect(search).toContainText('2 of 2')

  await search.getByRole('textbox').fill('^1.5$')
  await expect(search).toContainText('No match')
  await button(search, 'Regular expression').click()
  await expect(search).toContainText('10 of 10')
  await search.getByRole('textbox').fill('(')
  await expect(search).toContainText('Not a regular expression')
  await page.keyboard.press('Escape')
  await expect(search).toBeHidden()
  await expect(terminalInput(page)).toBeFocused()
})

test('a session that has ended says how, and begins anew in its place', async ({ page, berth }) => {
  await openTerminalOf(page, berth, 'ended')
  await typeCommand(page, 'echo before $((40 + 2)); exit 7')
  await expect(page.getByText('The session has ended with code 7.')).toBeVisible()
  await button(page, 'Restart').click()
  await expect(page.getByText('The session has ended')).toBeHidden()
  await expect(textOf(panes(page))).toContainText('before 42')
  // What is typed before the new shell is there is lost.
  await expect(textOf(panes(page))).toContainText(/restarted.*\$ /)
  await inputOf(panes(page)).focus()
  await typeCommand(page, 'echo after $((50 + 2))')
  await expect(textOf(panes(page))).toContainText('after 52')
  await expect(sessionTabs(page)).toHaveCount(1)
})

test('sessions keep their screens while the workspace is stopped, and begin anew with it', async ({ page, berth }) => {
  const name = await openTerminalOf(page, berth, 'stop')
  await typeCommand(page, 'echo kept $((60 + 2))')
  await expect(textOf(panes(page))).toContainText('kept 62')
  await berth.client.workspaces.stop({ workspace: name, wait: true })
  await expect(button(page, `Start ${name}`)).toBeVisible()
  await expect(textOf(panes(page))).toContainText('kept 62')
  await page.reload()
  await expect(textOf(panes(page))).toContainText('kept 62')
  await button(page, `Start ${name}`).click()
  await expect(button(page, `Start ${name}`)).toBeHidden({ timeout: READY_MS })
  await inputOf(panes(page)).focus()
  await expect(async () => {
    await typeCommand(page, 'echo again $((70 + 2))')
    await expect(textOf(panes(page))).toContainText('again 72', { timeout: 2000 })
  }).toPass()
  await expect(textOf(panes(page))).toContainText('kept 62')
})

test('a shell opens as root, over ssh, in a container of the workspace, and with a command', async ({ page, berth }) => {
  const name = await openTerminalOf(page, berth, 'kinds')
  await berth.client.workspaces.exec({ workspace: name, command: ['bash', '-c', MAKE_CONTAINER], timeoutSeconds: 60 })

  await choose(page, 'Kinds of sessions', 'Root shell')
  await expect(sessionTabs(page)).toHaveCount(2)
  await expect(inputOf(panes(page))).toBeFocused()
  await typeCommand(page, 'echo I am $(whoami)')
  await expect(textOf(panes(page))).toContainText('I am root')

  await choose(page, 'Kinds of sessions', 'ssh')
  await expect(sessionTabs(page)).toHaveCount(3)
  await expect(textOf(panes(page))).toContainText('$')
  await typeCommand(page, 'echo by ssh: $(test -n "$SSH_CONNECTION" && echo yes)')
  await expect(textOf(panes(page))).toContainText('by ssh: yes')

  await choose(page, 'Kinds of sessions', 'Shell in a container…')
  await dialog(page)
    .getByRole('button', { name: /^inner/ })
    .click()
  await expect(sessionTabs(page)).toHaveCount(4)
  await expect(sessionTabs(page).nth(3)).toContainText('inner')
  await typeCommand(page, 'echo in $(cat /mark)')
  await expect(textOf(panes(page))).toContainText('in the inner one')

  await choose(page, 'Kinds of sessions', 'Command…')
  await dialog(page).getByLabel('Command', { exact: true }).fill('echo $((80 + 2)); exit 5')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The session has ended with code 5.')).toBeVisible()
  await expect(textOf(panes(page))).toContainText('82')
})

/** A container of the nested engine with a shell and little else, made of what the workspace has: nothing is fetched. */
const MAKE_CONTAINER = `
set -e
mkdir -p /tmp/inner && cd /tmp/inner
for program in /bin/sh /bin/bash /bin/cat /bin/sleep; do
  cp -L --parents "$program" $(ldd "$program" | grep -o '/[^ ]*') .
done
echo the inner one > mark
tar -c . | docker import - inner
docker run --detach --name inner --network none inner /bin/sleep 1000
`

test('a program writes to the clipboard once that is allowed, and not again when the page is loaded again', async ({ page, berth }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  const write = (text: string) => typeCommand(page, `printf '\\e]52;c;%s\\a' ${Buffer.from(text).toString('base64')}; echo written`)
  const name = await openTerminalOf(page, berth, 'clipboard')
  const bar = page.getByText(`A program in ${name} wants to write to the clipboard.`)

  await page.evaluate(() => navigator.clipboard.writeText('mine'))
  await write('first')
  await expect(bar).toBeVisible()
  expect(await clipboard()).toBe('mine')
  await button(page, 'Allow').click()
  await expect.poll(clipboard).toBe('first')
  await expect(bar).toBeHidden()
  await expect(inputOf(panes(page))).toBeFocused()

  await write('second')
  await expect.poll(clipboard).toBe('second')
  await page.evaluate(() => navigator.clipboard.writeText('mine again'))
  await page.reload()
  await expect(textOf(panes(page))).toContainText('written')
  expect(await clipboard()).toBe('mine again')

  await berth.client.workspaces.update({ workspace: name, clipboard: 'never' })
  await inputOf(panes(page)).focus()
  await write('third')
  await expect(textOf(panes(page))).toContainText(/written.*written.*written/)
  expect(await clipboard()).toBe('mine again')
  await expect(bar).toBeHidden()
})

test('bells mark the tab that rang, and the text is made larger and smaller', async ({ page, berth }) => {
  await openTerminalOf(page, berth, 'bell')
  await typeCommand(page, "sleep 2; printf '\\a'")
  await button(page, 'New session').click()
  await expect(sessionTabs(page).first()).toContainText('has rung')
  await sessionTabs(page).first().click()
  await expect(sessionTabs(page).first()).not.toContainText('has rung')

  await inputOf(panes(page)).focus()
  const { terminalFontSize } = await berth.client.settings.get()
  await page.keyboard.press('Control+=')
  await expect.poll(async () => (await berth.client.settings.get()).terminalFontSize).toBe(terminalFontSize + 1)
  await page.keyboard.press('Control+0')
  await expect.poll(async () => (await berth.client.settings.get()).terminalFontSize).toBe(terminalFontSize)
})

test('the keys of the terminal are listed', async ({ page }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await page.keyboard.press('?')
  await expect(dialog(page)).toContainText('Split to the right')
})
