import type { Frame, Page } from '@playwright/test'
import { cardDataIn, documentText, storageText } from './card-data.js'
import { expect, test } from './fixtures.js'
import {
  CARDS,
  type Card,
  cardFrame,
  challengeFrame,
  dialogOf,
  fillCard,
  payButton,
} from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'

const DECLINED: Card = { number: CARDS.declined, expiry: '11 / 31', cvc: '739', zip: '94110' }
const GOOD: Card = { number: CARDS.authenticates, expiry: '09 / 37', cvc: '846', zip: '94110' }

const isOfPage = (frame: Frame, page: Page): boolean =>
  new URL(frame.url()).origin === new URL(page.url()).origin

test.describe('card data', () => {
  test('never reaches the origin of the page: not its documents, requests, storage or console', async ({
    page,
    context,
    demo,
    watch,
  }) => {
    const posted: string[] = []
    await context.exposeBinding('__reportMessage', (_source, text: string) => void posted.push(text))
    await context.addInitScript(() => {
      if (!location.hostname.endsWith('stripe.com'))
        addEventListener('message', ({ data }) =>
          Reflect.get(window, '__reportMessage')(JSON.stringify(data)),
        )
      // So that a closed shadow root can be searched, too.
      const { attachShadow } = Element.prototype
      Element.prototype.attachShadow = function (options) {
        return attachShadow.call(this, { ...options, mode: 'open' })
      }
    })
    let searched = 0

    /** Looks everywhere, now, and returns what was found where. */
    async function leaks(card: Card): Promise<Record<string, (keyof Card)[]>> {
      searched += 1
      const documents = page.frames().filter((frame) => isOfPage(frame, page))
      expect(documents).toContain(page.mainFrame())
      const places: Record<string, string> = {
        documents: (await Promise.all(documents.map(documentText))).join('\n'),
        storage: (await storageText(page)) + JSON.stringify(await context.storageState({ indexedDB: true })),
        console: watch.said.join('\n'),
        requests: demo.bytesFromBrowsers(),
        'requests as the browser reports them': watch.requests
          .filter(({ url }) => !/^https:\/\/(js|api)\.stripe\.com\//.test(url))
          .map(({ url, body }) => `${url}\n${body}`)
          .join('\n'),
      }
      const found = Object.entries(places).map(([place, text]) => [place, cardDataIn(text, card)] as const)
      // A PaymentMethod tells a page its expiry, by Stripe's own design; never the number or the code.
      const told = cardDataIn(posted.join('\n'), card).filter((part) => part !== 'expiry')
      return Object.fromEntries(
        [...found, ['messages', told] as const].filter(([, parts]) => parts.length > 0),
      )
    }

    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, DECLINED.number, DECLINED)
    expect(await leaks(DECLINED)).toEqual({})
    await payButton(page).click()
    await expect(dialogOf(page).getByRole('alert')).toBeVisible()
    expect(await leaks(DECLINED)).toEqual({})

    await fillCard(page, GOOD.number, GOOD)
    await payButton(page).click()
    await expect(challengeFrame(page).getByRole('button', { name: 'Complete' })).toBeVisible()
    expect(await leaks(GOOD)).toEqual({})
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    await callButton(page, 'Weather with axios').click()
    await expect(lastAnswer(page)).toContainText('"city"')
    for (const card of [DECLINED, GOOD]) expect(await leaks(card)).toEqual({})
    await page.goto('/')
    await expect(balance(page, '$4.94')).toBeVisible()
    for (const card of [DECLINED, GOOD]) expect(await leaks(card)).toEqual({})
    expect(searched).toBe(7)
    // The search has had something to search.
    expect(demo.bytesFromBrowsers()).toContain('GET /api/joke HTTP/1.1')
    expect(posted.join()).toContain('pm_')
  })

  test('is found by the same search inside the frame of Stripe and in its requests', async ({
    page,
    demo,
    watch,
  }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, GOOD.number, GOOD)
    const handle = await cardFrame(page).owner().elementHandle()
    const frame = await handle?.contentFrame()
    if (!frame) throw new Error('There is no card frame.')
    expect(isOfPage(frame, page)).toBe(false)
    expect(new URL(frame.url()).origin).toBe('https://js.stripe.com')
    expect(cardDataIn(await documentText(frame), GOOD)).toEqual(['number', 'cvc', 'expiry'])
    expect(
      await page.evaluate(() => {
        const iframe = document.querySelector('iframe[title="Secure payment input frame"]')
        return iframe instanceof HTMLIFrameElement && iframe.contentDocument
      }),
    ).toBeNull()

    await payButton(page).click()
    await expect(challengeFrame(page).getByRole('button', { name: 'Complete' })).toBeVisible()
    const toStripe = watch.requests.filter(({ body }) => cardDataIn(body, GOOD).length > 0)
    expect(toStripe.map(({ url, frame: sender }) => [url, new URL(sender).origin])).toEqual([
      ['https://api.stripe.com/v1/payment_methods', 'https://js.stripe.com'],
    ])
    expect(cardDataIn(toStripe[0]?.body ?? '', GOOD)).toContain('number')
    expect(demo.stripe.state.paymentMethods()).toMatchObject([{ card: { last4: '3184' } }])
  })
})

test.describe('the search for card data', () => {
  const spaced = '4000 0027 6000 3184'
  for (const [where, text] of [
    ['as typed', spaced],
    ['in one piece', `{"number":"${GOOD.number}"}`],
    ['with dashes', spaced.replaceAll(' ', '-')],
    ['in a URL', `/track?card=${encodeURIComponent(spaced)}`],
    ['in a form', `card=${spaced.replaceAll(' ', '+')}`],
    ['in base64', `payment: ${Buffer.from(JSON.stringify({ card: GOOD.number })).toString('base64')}`],
    ['in base64url', `payment: ${Buffer.from(JSON.stringify({ card: spaced })).toString('base64url')}`],
  ] as const) {
    test(`finds a number ${where}`, () => {
      expect(cardDataIn(text, GOOD)).toEqual(['number'])
    })
  }

  test('finds a code and a date where they stand alone, and not inside other numbers', () => {
    expect(cardDataIn('cvc=846&exp=09%2F37', GOOD)).toEqual(['cvc', 'expiry'])
    expect(cardDataIn('<input value="846"> 09 / 2037', GOOD)).toEqual(['cvc', 'expiry'])
    expect(cardDataIn('18461 0.846 a-846-b 1109/37', GOOD)).toEqual([])
  })
})
