import { expect, test } from './fixtures.js'
import { dialogOf, noteDialogEvents, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, fillCard } from './stripe-frames.js'

test.describe('a person whose card is declined', () => {
  test('reads why, and pays with another card in the same dialog', async ({ page, demo }) => {
    await page.goto('/playground')
    const dialogEvents = await noteDialogEvents(page)
    await callButton(page, 'Joke with fetch').click()
    await dialogOf(page).evaluate((dialog) => dialog.setAttribute('data-seen', 'first'))
    await fillCard(page, CARDS.declined)
    await payButton(page).click()

    await expect(dialogOf(page).getByRole('alert')).toHaveText(
      'Nothing was charged. The bank declined the card. Use another card or ask your bank.',
    )
    demo.stripe.log.assertNoCharge()
    await expect(dialogOf(page)).toHaveAttribute('data-seen', 'first')
    expect(await dialogEvents()).toEqual(['open'])

    await fillCard(page, CARDS.good)
    await payButton(page).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expect(await dialogEvents()).toEqual(['open', 'close'])
    expectOneCharge(demo)
  })

  test('called by XHR sees nothing of the decline, and gets the answer of the next card', async ({
    page,
    demo,
  }) => {
    await page.goto('/playground')
    await callButton(page, 'Weather with axios').click()
    await payWith(page, CARDS.declined)
    await expect(dialogOf(page).getByRole('alert')).toBeVisible()
    await expect(lastAnswer(page)).not.toContainText('402')
    await fillCard(page, CARDS.good)
    await payButton(page).click()
    await expect(lastAnswer(page)).toContainText('200')
    await expect(balance(page, '$4.95')).toBeVisible()
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
      await expect(dialogOf(page).getByRole('alert')).toHaveText(`Nothing was charged. ${words}`)
      demo.stripe.log.assertNoCharge()
    })
  }
})
