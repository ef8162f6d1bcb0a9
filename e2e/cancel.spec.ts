import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, lastAnswer, lastAnswerText } from './playground.js'
import { CARDS, cardFrame, fillCard } from './stripe-frames.js'

test.describe('a person who says no', () => {
  for (const call of ['Joke with fetch', 'Weather with axios']) {
    test(`leaves the page with its 402 and a body it can read: ${call}`, async ({ page, demo }) => {
      await page.goto('/playground')
      await callButton(page, call).click()
      await fillCard(page, CARDS.good)
      await dialogOf(page).getByRole('button', { name: 'Cancel' }).click()
      await expect(dialogOf(page)).toBeHidden()
      await expect(lastAnswer(page)).toContainText('402 Payment Required')
      const text = (await lastAnswerText(page)).replace('402 Payment Required', '')
      expect(JSON.parse(text)).toMatchObject({
        stripe402Version: 1,
        accepts: [{ scheme: 'stripe', currency: 'usd', amount: call.startsWith('Joke') ? 100 : 500 }],
      })
      demo.stripe.log.assertNoCharge()
      expect(demo.stripe.state.paymentIntents()).toEqual([])
    })
  }

  test('is asked again by the next click, with an empty form', async ({ page }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, CARDS.good)
    await dialogOf(page).getByRole('button', { name: 'Close' }).click()
    await expect(lastAnswer(page)).toContainText('402 Payment Required')
    await callButton(page, 'Joke with fetch').click()
    await expect(cardFrame(page).getByLabel('Card number')).toHaveValue('')
    await payWith(page, CARDS.anotherGood)
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
  })
})

test.describe('a handler that fails', () => {
  test('is not charged: the balance stays whole', async ({ page, demo, watch }) => {
    watch.expect(/Failed to load resource: the server responded with a status of 500/)
    await page.goto('/playground')
    await callButton(page, 'A handler that fails').click()
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('500 Internal Server Error')
    await expect(lastAnswer(page)).toContainText('This handler failed on purpose.')
    await expect(balance(page, '$5.00')).toBeVisible()

    await callButton(page, 'Joke with fetch').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    await callButton(page, 'A handler that fails').click()
    await expect(lastAnswer(page)).toContainText('500 Internal Server Error')
    await expect(balance(page, '$4.99')).toBeVisible()
    await page.reload()
    await expect(balance(page, '$4.99')).toBeVisible()
    expect(demo.events.filter(({ type }) => type === 'released')).toHaveLength(2)
    expect(demo.events.filter(({ type }) => type === 'captured')).toHaveLength(1)
  })
})
