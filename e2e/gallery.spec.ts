import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './fixtures.js'
import { openGallery, overflows, pictures, textSizes } from './gallery.js'
import { compareBoxes, known } from './known-pictures.js'

test.describe('the gallery', () => {
  test.setTimeout(300_000)
  test.use({ viewport: { width: 1640, height: 1000 } })

  for (const theme of ['light', 'dark'] as const)
    test(`axe finds nothing in any state, ${theme}`, async ({ page }) => {
      await openGallery(page, { theme })
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(
        violations.flatMap(({ id, nodes }) => nodes.map(({ html, target }) => `${id}: ${target} ${html}`)),
      ).toEqual([])
    })

  for (const lang of ['en', 'de', 'ar', 'ja', 'pl'])
    test(`nothing is cut off or sticks out, from 320 pixels on, in ${lang}`, async ({ page }) => {
      for (const [viewport, width] of [
        // 320 is 1280 at 400 %; 640 is 1280 at 200 %.
        [320, 360],
        [400, 360],
        [640, 768],
        [1340, 1280],
      ] as const) {
        await page.setViewportSize({ width: viewport, height: 800 })
        await openGallery(page, { width, lang })
        expect(await overflows(page), `at ${viewport}`).toEqual([])
        const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(scrollWidth, 'the page scrolls sideways').toBeLessThanOrEqual(viewport)
      }
    })

  // Somebody who has set their text twice as large, on a phone, a tablet and a desk.
  for (const [viewport, width] of [
    [400, 360],
    [820, 768],
    [1340, 1280],
  ] as const)
    test(`nothing is lost when text is twice as large, in ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width: viewport, height: 800 })
      await openGallery(page, { width })
      const before = await textSizes(page)
      await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
      expect(await textSizes(page), 'text grows').toEqual(before.map((size) => 2 * size))
      expect(await overflows(page)).toEqual([])
    })

  test('an address stands below the name that it belongs to, from the right, too', async ({ page }) => {
    await openGallery(page, { lang: 'ar' })
    const ends = await page.evaluate(() =>
      ['#first-payment', '#balance'].map((figure) => {
        const root = document.querySelector(`${figure} .place`)?.shadowRoot
        return ['h2', '.host, .where'].map((selector) => {
          const text = document.createRange()
          text.selectNodeContents(root?.querySelector(selector) ?? document.body)
          return Math.round(text.getBoundingClientRect().right)
        })
      }),
    )
    for (const [name, address] of ends) expect(address).toBe(name)
  })

  test('text stays readable on a page whose root is small', async ({ page }) => {
    await openGallery(page)
    const before = await textSizes(page)
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '62.5%'))
    expect(await textSizes(page)).toEqual(before)
  })

  for (const width of [360, 1280] as const)
    test(`every part stands where it stood, in ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width: width + 80, height: 800 })
      await openGallery(page, { width })
      const { boxes } = await pictures(page)
      expect(compareBoxes(known(`boxes-${width}`, boxes), boxes)).toEqual([])
    })

  for (const theme of ['light', 'dark'] as const)
    test(`every part has the colours that it had, ${theme}`, async ({ page }) => {
      await openGallery(page, { theme })
      const { colors } = await pictures(page)
      expect(colors).toEqual(known(`colors-${theme}`, colors))
    })
})
