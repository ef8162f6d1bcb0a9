import { JOKES } from '../demo/dist/server/content/jokes.js'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
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

test.describe('a page that meets a 402', () => {
  test('asks for a card once, then gets the answer to its fetch', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()

    const dialog = dialogOf(page)
    await expect(dialog).toBeVisible()
    await expect(dialog.getByRole('heading', { name: 'Pay stripe402 demo' })).toBeVisible()
    await expect(dialog.getByText(new URL(demo.url).host)).toBeVisible()
    await expect(dialog.getByText('A joke')).toBeVisible()
    await expect(dialog.getByText('$0.01')).toBeVisible()
    await fillCard(page, CARDS.good)
    expect(demo.stripe.log.count({ method: 'POST' })).toBe(0)
    await payButton(page).click()

    await expect(lastAnswer(page)).toContainText('200 OK')
    const told: unknown = JSON.parse((await lastAnswerText(page)).replace('200 OK', ''))
    expect(JOKES.map((joke) => ({ joke }))).toContainEqual(told)
    await expect(balance(page, '$4.99')).toBeVisible()
    await expect(dialog).toBeHidden()
    expectOneCharge(demo)
    expect(requestsTo(demo, '/api/joke')).toMatchObject([{ hasPayment: false }, { hasPayment: true }])
  })

  test('gets the answer to an XMLHttpRequest of axios', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Weather with axios').click()
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(lastAnswer(page)).toContainText('"city": "Oslo"')
    await expect(balance(page, '$4.95')).toBeVisible()
    expectOneCharge(demo)
  })

  test('charges the amount that the person chose', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, CARDS.good)
    await dialogOf(page).getByRole('radio', { name: '$20.00' }).check()
    await payButton(page, '$20.00').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$19.99')).toBeVisible()
    expectOneCharge(demo, 2000)
  })

  test('streams a paid answer line by line', async ({ page }) => {
    await page.goto('/playground')
    const shown = await lastAnswer(page).evaluateHandle((answer) => {
      const texts: string[] = []
      new MutationObserver(() => texts.push(answer.textContent)).observe(answer, { childList: true })
      return texts
    })
    await callButton(page, 'A streamed story').click()
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('And that was the end. It cost one cent.')
    const texts = await shown.jsonValue()
    expect(texts.length).toBeGreaterThan(4)
    expect(texts[0]).not.toContain('the price was paid')
    await expect(balance(page, '$4.99')).toBeVisible()
  })

  test('has a free endpoint that nothing touches', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'A free endpoint').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    expect(requestsTo(demo, '/api/health')).toMatchObject([{ hasPayment: false }])
  })
})

test.describe('a person who has paid', () => {
  test('clicks five more times without being asked: one request each, and no preflight', async ({
    page,
    demo,
  }) => {
    await page.goto('/playground')
    const joke = callButton(page, 'Joke with fetch')
    await joke.click()
    await payWith(page, CARDS.good)
    await expect(exchanges(page)).toHaveCount(2)
    await expect(dialogOf(page)).toBeHidden()
    const before = demo.requests.length

    for (let clicks = 1; clicks <= 5; clicks += 1) {
      await joke.click()
      await expect(exchanges(page)).toHaveCount(2 + clicks)
      await expect(exchanges(page).first()).toContainText('$0.01 spent')
      await expect(dialogOf(page)).toBeHidden()
    }
    await expect(balance(page, '$4.94')).toBeVisible()
    expect(demo.requests.slice(before)).toMatchObject(
      Array.from({ length: 5 }, () => ({ method: 'GET', url: '/api/joke', hasPayment: true })),
    )
    expect(demo.requests.filter(({ method }) => method === 'OPTIONS')).toEqual([])
    expectOneCharge(demo)
  })

  test('reloads and still has the balance', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.99')).toBeVisible()

    await page.reload()
    await expect(balance(page, '$4.99')).toBeVisible()
    await callButton(page, 'Joke with fetch').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(exchanges(page)).toHaveCount(1)
    await expect(balance(page, '$4.98')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expect(requestsTo(demo, '/api/joke')).toMatchObject([
      { hasPayment: false },
      { hasPayment: true },
      { hasPayment: true },
    ])
    expectOneCharge(demo)
  })

  test('pays another endpoint of the site from the same balance', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.99')).toBeVisible()
    await callButton(page, 'Weather with axios').click()
    await expect(lastAnswer(page)).toContainText('"city": "Oslo"')
    await expect(balance(page, '$4.94')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expectOneCharge(demo)
  })

  test('sees the balance change in another tab', async ({ page, context }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.99')).toBeVisible()
    const other = await context.newPage()
    await other.goto('/')
    await expect(balance(other, '$4.99')).toBeVisible()
    await callButton(page, 'Joke with fetch').click()
    await expect(balance(other, '$4.98')).toBeVisible()
  })
})
