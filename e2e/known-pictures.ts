import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Box } from './gallery.js'

const FOLDER = fileURLToPath(new URL('known-pictures/', import.meta.url))
/** A line of text may be a pixel or two higher in another font version; a part that has moved has moved further. */
const TOLERANCE_PX = 6

/**
 * What the gallery showed when somebody last looked at it. Numbers, not pixels: a smoothed edge is no change; a part
 * that moved, grew, vanished or changed its colour is one.
 *
 * With `UPDATE_PICTURES=1` what is shown now is written down instead; look at `npm run pictures` first.
 *
 * @throws Error when nothing was written down yet
 */
export function known<T>(name: string, shown: Record<string, T>): Record<string, T> {
  const file = `${FOLDER}${name}.json`
  if (process.env.UPDATE_PICTURES === '1') {
    const lines = Object.entries(shown).map(([part, value]) => `  ${JSON.stringify(part)}: ${oneLine(value)}`)
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
  }
  if (!existsSync(file))
    throw new Error(`${file} is missing: run UPDATE_PICTURES=1 npx playwright test e2e/gallery.spec.ts`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** What has come, gone or moved, in words. */
export function compareBoxes(before: Record<string, Box>, now: Record<string, Box>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((part) => {
    const [was, is] = [before[part], now[part]]
    if (!was || !is) return [`${part} ${is ? 'is new' : 'is gone'}`]
    const hasMoved = was.some((value, index) => Math.abs(value - (is[index] ?? 0)) > TOLERANCE_PX)
    return hasMoved ? [`${part} was at ${was}, is at ${is}`] : []
  })
}

/** As the formatter would write it. */
function oneLine(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value)
}
