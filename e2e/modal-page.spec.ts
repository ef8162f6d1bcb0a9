import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { expectOneCharge } from './playground.js'
import { CARDS, challengeFrame } from './stripe-frames.js'

/** Gives the page a modal dialog that asks for a joke, and a button that opens it. */
async function addModal(page: Page): Promise<void> {
  await page.evaluate(() => {
    const dialog = document.createElement('dialog')
    dialog.ariaLabel = 'Order'
    dialog.innerHTML = '<input aria-label="Name"><button>Order a joke</button><output></output>'
    const opener = document.createElement('button')
    opener.textContent = 'Open the order'
    opener.onclick = () => dialog.showModal()
    document.body.append(opener, dialog)
    const output = dialog.querySelector('output')
    dialog.addEventListener('close', () => output?.append('closed '))
    dialog.querySelector('button')?.addEventListener('click', async () => {
      const { status } = await fetch('/api/joke')
      output?.append(`${status} ${dialog.matches(':modal')}`)
    })
  })
}

test('a modal dialog of the page is paid from, the bank’s check among it, and is there again afterwards', async ({
  page,
  demo,
}) => {
  await page.goto('/playground')
  await addModal(page)
  await page.getByRole('button', { name: 'Open the order' }).click()
  const order = page.getByRole('dialog', { name: 'Order' })
  await order.getByLabel('Name').fill('Ada')
  await order.getByRole('button', { name: 'Order a joke' }).click()
  await payWith(page, CARDS.authenticates)
  await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
  await expect(order.locator('output')).toHaveText('200 true')
  await expect(order.getByLabel('Name')).toHaveValue('Ada')
  await expect(order.getByRole('button', { name: 'Order a joke' })).toBeFocused()
  expectOneCharge(demo)
  await page.keyboard.press('Escape')
  await expect(order).toBeHidden()
  await expect(page.locator('dialog output')).toHaveText('200 trueclosed ')
  await expect(page.getByRole('button', { name: 'Open the order' })).toBeFocused()
})

test('a full screen of the page is left, so that the dialog can be seen', async ({ page }) => {
  await page.goto('/playground')
  await page.evaluate(() => {
    const stage = document.createElement('div')
    stage.innerHTML = '<button>Full screen</button><button>Joke</button>'
    document.body.append(stage)
    const [full, joke] = stage.querySelectorAll('button')
    full?.addEventListener('click', () => void stage.requestFullscreen())
    joke?.addEventListener('click', () => void fetch('/api/joke'))
  })
  const isFull = (): Promise<boolean> => page.evaluate(() => document.fullscreenElement !== null)
  await page.getByRole('button', { name: 'Full screen' }).click()
  await expect.poll(isFull).toBe(true)
  await page.getByRole('button', { name: 'Joke', exact: true }).click()
  await expect(dialogOf(page)).toBeVisible()
  await expect.poll(isFull).toBe(false)
  // Nothing lies above it.
  await payButton(page).click({ trial: true })
})
