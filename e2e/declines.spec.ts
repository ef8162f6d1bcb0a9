import { expect, test } from './fixtures.js'
import { CARDS, dialogOf, fillCard, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer } from './playground.js'

test.describe('a person whose card is declined', () => {
  test('reads why, and pays with another card in the same dialog', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await expect(dialogOf(page)).toBeVisible()
    const sameDialog = await dialogOf(page).elementHandle()
    const closes = page.evaluate(
      () =>
        new Promise((resolve) =>
          addEventListener('stripe402-close', () => resolve('closed'), { once: true }),
        ),
    )
    await fillCard(page, CARDS.declined)
    await payButton(page).click()

    await expect(dialogOf(page).getByRole('alert')).toHaveText(
      'The bank declined the card. Use another card or ask your bank.',
    )
    demo.stripe.log.assertNoCharge()
    expect(await Promise.race([closes, Promise.resolve('still open')])).toBe('still open')

    await fillCard(page, CARDS.good)
    await payButton(page).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    expect(await sameDialog?.evaluate((dialog) => dialog instanceof HTMLElement)).toBe(true)
    await expect(balance(page, '$4.99')).toBeVisible()
    expectOneCharge(demo)
  })

  const REASONS = [
    ['4000000000009995', 'There is not enough money on this card. Use another card or a smaller amount.'],
    ['4000000000000127', 'The security code is not right. Check it and try again.'],
    ['4000000000000069', 'This card has expired. Check the date or use another card.'],
    ['4000000000009987', 'The bank declined the card. Use another card or ask your bank.'],
  ] as const
  for (const [number, words] of REASONS) {
    test(`with the card that ends in ${number.slice(-4)} reads: ${words}`, async ({ page, demo }) => {
      await page.goto('/playground')
      await callButton(page, 'Joke with fetch').click()
      await payWith(page, number)
      await expect(dialogOf(page).getByRole('alert')).toHaveText(words)
      demo.stripe.log.assertNoCharge()
    })
  }
})
