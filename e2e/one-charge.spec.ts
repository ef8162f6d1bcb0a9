import { expect, test } from './fixtures.js'
import { dialogOf, noteDialogEvents, payButton, payWith } from './payment-dialog.js'
import {
  balance,
  callButton,
  exchanges,
  expectOneCharge,
  lastAnswer,
  lastAnswerText,
  requestsTo,
} from './playground.js'
import { CARDS, fillCard } from './stripe-frames.js'

test.describe('one decision, one charge', () => {
  test('when Pay is pressed twice', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, CARDS.good)
    await payButton(page).dblclick()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expectOneCharge(demo)
    expect(demo.stripe.state.paymentMethods()).toHaveLength(1)
    expect(demo.stripe.state.paymentIntents()).toHaveLength(1)
    expect(requestsTo(demo, '/api/joke')).toHaveLength(2)
  })

  test('when five requests start at once: one dialog, five answers', async ({ page, demo }) => {
    await page.goto('/playground')
    const dialogEvents = await noteDialogEvents(page)
    await callButton(page, 'Five at once').click()
    await expect.poll(() => requestsTo(demo, '/api/joke').length).toBe(5)
    await expect(dialogOf(page)).toHaveCount(1)
    await payWith(page, CARDS.good)

    await expect(lastAnswer(page)).toContainText('200 OK')
    expect((await lastAnswerText(page)).match(/^200 OK$/gm)).toHaveLength(5)
    await expect(exchanges(page)).toHaveCount(10)
    await expect(balance(page, '$4.95')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expect(await dialogEvents()).toEqual(['open', 'close'])
    expectOneCharge(demo)
    expect(demo.stripe.state.paymentIntents()).toHaveLength(1)
    expect(requestsTo(demo, '/api/joke')).toHaveLength(10)
  })

  test('when a second request starts while the person types', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, CARDS.good)
    const second = page.evaluate(async () => (await fetch('/api/weather?city=Bergen')).json())
    await expect.poll(() => requestsTo(demo, '/api/weather').length).toBe(1)
    await payButton(page).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    expect(await second).toMatchObject({ city: 'Bergen' })
    await expect(balance(page, '$4.94')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expectOneCharge(demo)
    expect(demo.stripe.state.paymentIntents()).toHaveLength(1)
  })
})
