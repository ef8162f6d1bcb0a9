import { cardDataIn } from './card-data.js'
import { expect, test } from './fixtures.js'
import { documentText, isOfPage, leaks, openShadowRoots, type Place } from './page-search.js'
import { dialogOf, payButton } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, type Card, cardFrame, challengeFrame, fillCard } from './stripe-frames.js'

const DECLINED: Card = { number: CARDS.declined, expiry: '11 / 31', cvc: '739', zip: '94110' }
const GOOD: Card = { number: CARDS.authenticates, expiry: '09 / 37', cvc: '846', zip: '94110' }

test.describe('card data', () => {
  test('never reaches the origin of the page: not its documents, requests, storage or console', async ({
    page,
    context,
    demo,
    watch,
  }) => {
    await openShadowRoots(context)
    const search = { page, context, demo, watch }
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, DECLINED.number, DECLINED)
    expect(await leaks(search, DECLINED)).toEqual({})
    await payButton(page).click()
    await expect(dialogOf(page).getByRole('alert')).toBeVisible()
    expect(await leaks(search, DECLINED)).toEqual({})

    await fillCard(page, GOOD.number, GOOD)
    await payButton(page).click()
    await expect(challengeFrame(page).getByRole('button', { name: 'Complete' })).toBeVisible()
    expect(await leaks(search, GOOD)).toEqual({})
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    await callButton(page, 'Weather with axios').click()
    await expect(lastAnswer(page)).toContainText('"city"')
    for (const card of [DECLINED, GOOD]) expect(await leaks(search, card)).toEqual({})
    await page.goto('/')
    await expect(balance(page, '$4.94')).toBeVisible()
    for (const card of [DECLINED, GOOD]) expect(await leaks(search, card)).toEqual({})
    // The search has had something to search.
    expect(demo.bytesFromBrowsers()).toContain('GET /api/joke HTTP/1.1')
    expect(watch.posted.join()).toContain('pm_')
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

/** What a careless script could do with a text, and the places where the search must find it then. */
const PLANTS: readonly [name: string, places: Place[], plant: (text: string) => unknown][] = [
  ['an attribute', ['documents'], (text) => document.body.setAttribute('data-x', text)],
  ['a comment', ['documents'], (text) => document.body.append(new Comment(text))],
  [
    'a field',
    ['documents'],
    (text) => {
      document.body.append(Object.assign(document.createElement('input'), { value: text }))
    },
  ],
  [
    'a closed shadow root',
    ['documents'],
    (text) => {
      const host = document.body.appendChild(document.createElement('div'))
      host.attachShadow({ mode: 'closed' }).append(text)
    },
  ],
  ['the history', ['documents'], (text) => history.replaceState({ text }, '')],
  ['localStorage', ['storage'], (text) => localStorage.setItem('x', text)],
  ['sessionStorage', ['storage'], (text) => sessionStorage.setItem('x', text)],
  [
    'a cookie',
    ['storage'],
    (text) => {
      // biome-ignore lint/suspicious/noDocumentCookie: A careless script would.
      document.cookie = `x=${encodeURIComponent(text)}`
    },
  ],
  [
    'IndexedDB',
    ['storage'],
    (text) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('x')
        opening.onupgradeneeded = () => opening.result.createObjectStore('x').put({ text }, 'x')
        opening.onsuccess = () => {
          opening.result.close()
          resolve()
        }
      }),
  ],
  ['a cache', ['storage'], async (text) => (await caches.open('x')).put('/x', new Response(text))],
  ['the console', ['console'], (text) => console.log('card', text)],
  [
    'a URL',
    ['requests', 'bytes at the server'],
    (text) => fetch(`/api/health?x=${encodeURIComponent(text)}`),
  ],
  [
    'a body',
    ['requests', 'bytes at the server'],
    (text) => fetch('/api/health', { method: 'POST', body: new URLSearchParams({ text }) }),
  ],
  ['a beacon', ['requests', 'bytes at the server'], (text) => navigator.sendBeacon('/api/health', text)],
  [
    'a header',
    ['bytes at the server'],
    (text) => fetch('/api/health', { headers: { payment: btoa(JSON.stringify({ text })) } }),
  ],
  ['a message', ['messages'], (text) => postMessage({ text })],
]

test.describe('the search for card data', () => {
  test('finds a number that was planted in the page, and where', async ({ page, context, demo, watch }) => {
    watch.expect(/status of 404/)
    await openShadowRoots(context)
    await page.goto('/terms')
    for (const [index, [name, places, plant]] of PLANTS.entries()) {
      const card = { ...GOOD, number: `40000027600${String(index).padStart(5, '0')}` }
      expect(await leaks({ page, context, demo, watch }, card), `${name}, before`).toEqual({})
      await page.evaluate(plant, card.number.replace(/(....)(?=.)/g, '$1 '))
      const expected = Object.fromEntries(places.map((place) => [place, ['number']]))
      await expect.poll(() => leaks({ page, context, demo, watch }, card), name).toEqual(expected)
    }
  })

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
