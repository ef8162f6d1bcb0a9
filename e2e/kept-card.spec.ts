import type { Locator, Page } from '@playwright/test'
import { serializePayment } from '@stripe402/core'
import type { DemoForTest } from './demo-for-test.js'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton } from './payment-dialog.js'
import { balance, callButton, lastAnswer, requestsTo } from './playground.js'
import { CARDS, cardFrame, challengeFrame, fillCard } from './stripe-frames.js'

const KEPT = 'Visa ending 4242 · Pay $5.00'

function consent(page: Page): Locator {
  return dialogOf(page).getByRole('checkbox', { name: 'Keep this card for next time' })
}

/** The one button that charges the kept card. */
function keptButton(page: Page, name = KEPT): Locator {
  return dialogOf(page).getByRole('button', { name, exact: true })
}

/** Pays for a joke with a card, and agrees that it is kept. */
async function payAndKeep(page: Page, number: string = CARDS.good): Promise<void> {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await fillCard(page, number)
  await expect(consent(page)).not.toBeChecked()
  await consent(page).check()
  await payButton(page).click()
}

/** Opens the dialog that buys credit. */
async function askForCredit(page: Page, left: string): Promise<void> {
  await balance(page, left).click()
  await page.getByRole('dialog', { name: 'Your balance' }).getByRole('button', { name: 'Top up' }).click()
}

function charges(demo: DemoForTest): number[] {
  const succeeded = demo.stripe.state.paymentIntents().filter(({ status }) => status === 'succeeded')
  return succeeded.map(({ amount }) => amount)
}

function attached(demo: DemoForTest): number {
  return demo.stripe.state.paymentMethods().filter(({ customer }) => customer !== null).length
}

test.describe('a person who has a card kept', () => {
  test('comes back, pays with one press, has it forgotten, and is asked for a card again', async ({
    page,
    demo,
  }) => {
    await payAndKeep(page)
    await expect(balance(page, '$4.99')).toBeVisible()
    await page.reload()

    await askForCredit(page, '$4.99')
    await expect(keptButton(page)).toBeVisible()
    await expect(page.locator('iframe[title="Secure payment input frame"]')).toHaveCount(0)
    await keptButton(page).click()
    await expect(balance(page, '$9.99')).toBeVisible()
    expect(charges(demo)).toEqual([500, 500])
    expect(attached(demo)).toBe(1)

    await page.reload()
    await askForCredit(page, '$9.99')
    await dialogOf(page).getByRole('button', { name: 'Forget this card' }).click()
    await expect(
      dialogOf(page).getByText('This card is forgotten and cannot be charged here any more.'),
    ).toBeVisible()
    await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
    expect(attached(demo)).toBe(0)

    await page.reload()
    await askForCredit(page, '$9.99')
    await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
    await expect(payButton(page)).toBeVisible()
    expect(charges(demo)).toEqual([500, 500])
  })

  test('may use another card all the same', async ({ page, demo }) => {
    await payAndKeep(page)
    await expect(balance(page, '$4.99')).toBeVisible()
    await askForCredit(page, '$4.99')
    await dialogOf(page).getByRole('button', { name: 'Use another card' }).click()
    await expect(dialogOf(page)).toBeFocused()
    await fillCard(page, CARDS.good)
    await payButton(page).click()
    await expect(balance(page, '$9.99')).toBeVisible()
    expect(charges(demo)).toEqual([500, 500])
    expect(attached(demo)).toBe(1)
  })

  test('is asked by the bank when it wants to be sure, in the same frame', async ({ page, demo }) => {
    await payAndKeep(page, CARDS.authenticates)
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(balance(page, '$4.99')).toBeVisible()
    await page.reload()
    await askForCredit(page, '$4.99')
    await keptButton(page, 'Visa ending 3184 · Pay $5.00').click()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(balance(page, '$9.99')).toBeVisible()
    expect(charges(demo)).toEqual([500, 500])
  })

  test('reaches everything by keyboard', async ({ page, demo }) => {
    await payAndKeep(page)
    await expect(balance(page, '$4.99')).toBeVisible()
    await askForCredit(page, '$4.99')
    await expect(keptButton(page)).toBeVisible()
    for (const name of ['Use another card', 'Forget this card', 'Cancel', KEPT]) {
      const button = dialogOf(page).getByRole('button', { name, exact: true })
      for (let presses = 0; presses < 12; presses += 1) {
        if (await button.evaluate((element) => element.matches(':focus'))) break
        await page.keyboard.press('Tab')
      }
      await expect(button).toBeFocused()
    }
    await page.keyboard.press('Enter')
    await expect(balance(page, '$9.99')).toBeVisible()
    expect(charges(demo)).toEqual([500, 500])
  })

  test('keeps it to themselves: whoever knows the account sees no card and charges none', async ({
    page,
    browser,
    demo,
  }) => {
    await payAndKeep(page)
    await expect(balance(page, '$4.99')).toBeVisible()
    const [paid] = requestsTo(demo, '/api/joke').filter(({ payment }) => payment?.saveCard)
    expect(paid?.payment?.saveCard).toBe(true)
    const [account] = demo.stripe.state.paymentIntents()
    const clientId = account?.metadata.clientId
    const context = await browser.newContext({ baseURL: demo.url })
    const stranger = await context.newPage()
    await stranger.goto('/terms')
    const ask = (path: string, method: string, payment: object): Promise<{ status: number; body: string }> =>
      stranger.evaluate(
        async ([to, how, header]) => {
          const response = await fetch(to, { method: how, headers: { payment: header } })
          return { status: response.status, body: await response.text() }
        },
        [`/.well-known/stripe402/${path}`, method, serializePayment({ ...payment })] as const,
      )
    const wish = { clientId, savedCard: true, topUpAmount: 50_000, purchaseId: crypto.randomUUID() }
    for (const answer of [
      await ask('balance', 'GET', { clientId }),
      await ask('top-up', 'POST', wish),
      await ask('forget-card', 'POST', { clientId }),
    ]) {
      expect(answer.status).toBe(402)
      expect(answer.body).toContain('proof_required')
      expect(answer.body).not.toMatch(/4242|visa/i)
    }
    expect(charges(demo)).toEqual([500])
    expect(attached(demo)).toBe(1)
    await context.close()
  })
})

test('a person who has ticked nothing has nothing kept', async ({ page, demo }) => {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await fillCard(page, CARDS.good)
  await expect(consent(page)).not.toBeChecked()
  await payButton(page).click()
  await expect(lastAnswer(page)).toContainText('200 OK')
  expect(demo.stripe.state.customers()).toEqual([])
  expect(attached(demo)).toBe(0)
})
