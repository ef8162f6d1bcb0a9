import { JOKES } from '../demo/dist/server/content/jokes.js'
import { expect, test } from './local-demo.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, challengeFrame, fillCard } from './stripe-frames.js'

test.describe.configure({ timeout: 120_000 })

test('the demo without any key sells a joke, a weather report, and tells which cards to use', async ({
  page,
  demo,
}) => {
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Buy a joke for $0.01' }).click()
  await expect(page.getByRole('group', { name: 'Test cards' })).toContainText('4242 4242 4242 4242')
  await payWith(page, CARDS.declined)
  await expect(dialogOf(page).getByRole('alert')).toContainText('declined the card')
  await fillCard(page, CARDS.authenticates)
  await payButton(page).click()
  await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
  await expect(balance(page, '$4.99')).toBeVisible()
  const told = page.getByRole('main').getByRole('status')
  await expect.poll(async () => JOKES.includes((await told.textContent()) ?? '')).toBe(true)

  await page.getByRole('link', { name: 'Playground' }).click()
  await callButton(page, 'Weather with axios').click()
  await expect(lastAnswer(page)).toContainText('200 OK')
  await expect(balance(page, '$4.94')).toBeVisible()
})
