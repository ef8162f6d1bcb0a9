import { describe, expect, it } from 'vitest'
import { loadLanguage } from '../localization/load-locale.js'
import { speak } from '../localization/say.js'
import { contentOf } from './paid-content.js'

const ELSEWHERE = 'https://seller.example'

const english = await loadLanguage('en')
const contentIn = (response: Response): Promise<Node> => contentOf(response, () => speak(english), [])

/** What a seller has answered, from an address. */
function answer(type: string, body: string, { path = '/thing', disposition = '' } = {}): Response {
  const headers = { 'content-type': type, 'content-disposition': disposition }
  return Object.defineProperty(new Response(body, { headers }), 'url', {
    value: new URL(path, ELSEWHERE).href,
  })
}

/** The links of a file, with what is behind them. */
async function linksOf(response: Response): Promise<{ text: string; download: string; type: string }[]> {
  const content = await contentIn(response)
  if (!(content instanceof HTMLElement)) throw new Error('No element.')
  return Promise.all(
    [...content.querySelectorAll('a')].map(async ({ textContent, download, href }) => {
      const { type } = await (await fetch(href)).blob()
      return { text: textContent ?? '', download, type }
    }),
  )
}

const ACTIVE = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

describe('contentOf', () => {
  it.each([
    ['text/html', '<script>alert(1)</script>', 'thing.html'],
    ['application/zip', 'PK', 'thing.zip'],
    ['application/octet-stream', 'x', 'thing'],
    ['', 'x', 'thing'],
  ])('gives %j of another origin to download only, of no type that opens', async (type, body, download) => {
    expect(await linksOf(answer(type, body))).toEqual([
      { text: 'Download', download, type: 'application/octet-stream' },
    ])
  })

  it('opens a PDF as nothing else, whatever else its header may be read as', async () => {
    const twice = answer('application/pdf; x=1, text/html', ACTIVE, { path: '/a/report' })
    expect(await linksOf(twice)).toEqual([
      { text: 'report.pdf', download: '', type: 'application/pdf' },
      { text: 'Download', download: 'report.pdf', type: 'application/octet-stream' },
    ])
  })

  it.each([
    [`attachment; filename="a.bin"; filename*=UTF-8''na%C3%AFve%20map.bin`, 'naïve map.bin'],
    ['inline; filename=plain.bin', 'plain.bin'],
    [`attachment; filename*=UTF-8''%E0%A4%A`, '%E0%A4%A'],
    ['attachment', 'thing'],
  ])('takes the name from %j', async (disposition, download) => {
    const response = answer('application/octet-stream', 'x', { disposition })
    expect(await linksOf(response)).toMatchObject([{ download }])
  })

  it.each(['application/xml', 'application/atom+xml', 'application/json', 'text/csv'])(
    'shows %s as text',
    async (type) => {
      const content = await contentIn(answer(type, ACTIVE))
      expect(content).toMatchObject({ nodeName: 'PRE', textContent: ACTIVE })
    },
  )

  it('shows what is drawn and heard, and a file in the place of what is broken', async () => {
    const content = await contentIn(answer('image/svg+xml', 'not an image', { path: '/a.svg' }))
    document.body.append(content)
    await expect.poll(() => document.querySelector('a')?.download).toBe('a.svg')
    expect(await contentIn(answer('audio/mpeg', 'ID3'))).toMatchObject({ nodeName: 'AUDIO', controls: true })
    expect(await contentIn(answer('video/mp4', 'x'))).toMatchObject({ nodeName: 'VIDEO', controls: true })
  })
})
