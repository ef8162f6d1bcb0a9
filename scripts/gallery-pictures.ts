import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { startDemoProcess } from '../e2e/demo-process.js'
import { CHROMIUM_ARGS, chromiumPath } from './browser.js'

/** Room that each frame width needs to stand a few side by side, in pixels. */
const VIEWPORTS = { 360: 1640, 768: 1700, 1280: 1400 } as const

/** Height of one picture, in pixels. */
const SLICE = 1800

/** One look of the gallery. */
interface Look {
  width: keyof typeof VIEWPORTS
  theme: 'light' | 'dark'
  lang: string
}

const LOOKS: readonly Look[] = ([360, 768, 1280] as const).flatMap((width) =>
  (['light', 'dark'] as const).flatMap((theme) => ['en', 'ar'].map((lang) => ({ width, theme, lang }))),
)

/** Takes pictures of the whole gallery, in every width, theme and direction: `npm run pictures -- <folder> [only]`. */
async function takePictures(folder: string, only: string | undefined): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const data = mkdtempSync(join(tmpdir(), 'stripe402-gallery-'))
  const demo = await startDemoProcess({ PORT: '0', STRIPE_LOCAL_PORT: '0', DEMO_DATA: data })
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: CHROMIUM_ARGS })
  try {
    for (const look of LOOKS) await takePicture(browser, demo.url, look, { folder, only })
  } finally {
    await browser.close()
    await demo.stop()
    rmSync(data, { recursive: true })
  }
}

async function takePicture(
  browser: Browser,
  url: string,
  { width, theme, lang }: Look,
  { folder, only }: { folder: string; only: string | undefined },
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: VIEWPORTS[width], height: 900 } })
  const page = await context.newPage()
  const query = new URLSearchParams({ width: String(width), theme, lang, ...(only && { only }) })
  await page.goto(`${url}/gallery?${query}`)
  await page.locator('html[data-ready]').waitFor()
  const { height } = (await page.locator('#gallery').boundingBox()) ?? { height: 0 }
  // One picture of everything would be too large to look at.
  for (let top = 0; top < height; top += SLICE)
    await page.screenshot({
      fullPage: true,
      clip: { x: 0, y: top, width: VIEWPORTS[width], height: Math.min(SLICE, height - top) },
      path: join(folder, `${width}-${theme}-${lang}-${top / SLICE}.png`),
    })
  await context.close()
}

const [folder, only] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name a folder for the pictures: npm run pictures -- <folder>')
await takePictures(resolve(folder), only)
