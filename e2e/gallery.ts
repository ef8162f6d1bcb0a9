import type { Page } from '@playwright/test'

/** One look of the gallery. */
export interface Look {
  /** Width of its frames in pixels. */
  width?: 360 | 768 | 1280
  theme?: 'light' | 'dark'
  lang?: string
}

/** Opens the gallery and waits until every state is there. */
export async function openGallery(page: Page, look: Look = {}): Promise<void> {
  const query = new URLSearchParams(Object.entries(look).map(([name, value]) => [name, String(value)]))
  await page.goto(`/gallery?${query}`)
  await page.locator('html[data-ready]').waitFor()
}

/** A box in pixels, relative to its frame. */
export type Box = readonly [left: number, top: number, width: number, height: number]

/** What every state looks like, as far as numbers tell. */
export interface Pictures {
  /** `<state> <part>`: where it stands. */
  boxes: Record<string, Box>
  /** `<part>`: every colour of its text on its ground that occurs. */
  colors: Record<string, string[]>
}

/** Reads what the gallery shows. */
export function pictures(page: Page): Promise<Pictures> {
  return page.evaluate(() => {
    const parts =
      '.dialog, .bar, .panel, .lock, h2, .close, .summary, .tile, .own input, .card, .held-back, .kept, .consent, .problem, .foot, .pay, .quiet, .outcome, li'
    const boxes: Pictures['boxes'] = {}
    const colors: Pictures['colors'] = {}
    for (const figure of document.querySelectorAll('figure')) {
      const place = figure.querySelector('.place')
      const frame = place?.getBoundingClientRect() ?? new DOMRect()
      const seen = new Map<string, number>()
      for (const element of place?.shadowRoot?.querySelectorAll(parts) ?? []) {
        const kind = element.classList[0] || element.localName
        const count = (seen.get(kind) ?? 0) + 1
        seen.set(kind, count)
        const { left, top, width, height } = element.getBoundingClientRect()
        const box = [left - frame.left, top - frame.top, width, height].map(Math.round)
        const [x = 0, y = 0, w = 0, h = 0] = box
        boxes[`${figure.id} ${kind}${count > 1 ? ` ${count}` : ''}`] = [x, y, w, h]
        const { color, backgroundColor } = getComputedStyle(element)
        colors[kind] = [...new Set([...(colors[kind] ?? []), `${color} on ${backgroundColor}`])].sort()
      }
    }
    return { boxes, colors }
  })
}

/**
 * What sticks out of its dialog, bar or panel, above or below out of the part that it stands in, or is cut off in a
 * button: `<state>: <element>`.
 */
export function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('figure')].flatMap((figure) => {
      const place = figure.querySelector('.place')
      const root = place?.shadowRoot
      const frame = place?.getBoundingClientRect()
      const outer = root?.querySelector('.dialog, .bar, .panel, .lock')
      if (!root || !outer || !frame) return [`${figure.id}: nothing is shown`]
      const limit = outer.getBoundingClientRect()
      const name = (element: Element): string =>
        `${figure.id}: ${element.localName}.${element.className} ${element.textContent?.trim().slice(0, 30)}`
      /** Whether it reaches above or below the box that it is a part of, and so over a neighbour. */
      const isOver = (element: Element): boolean => {
        const { display, position, clipPath } = getComputedStyle(element)
        let box = element.parentElement
        while (box && getComputedStyle(box).display === 'contents') box = box.parentElement
        if (!box || display === 'inline' || position === 'fixed' || clipPath !== 'none') return false
        if (element.closest('[inert]') || getComputedStyle(box).overflowY !== 'visible') return false
        const [inner, room] = [element.getBoundingClientRect(), box.getBoundingClientRect()]
        return inner.top < room.top - 2 || inner.bottom > room.bottom + 2
      }
      const wide = limit.right > frame.right + 1 || limit.left < frame.left - 1 ? [name(outer)] : []
      const inside = [...outer.querySelectorAll('*')].filter((element) => {
        const { left, right, width, height } = element.getBoundingClientRect()
        // Read out, and not shown.
        if (width <= 1 || height <= 1 || element.closest('svg')) return false
        const isOut = right > limit.right + 1 || left < limit.left - 1 || isOver(element)
        const isText = element.matches('button, h2, dd, strong') && element.clientWidth > 0
        return isOut || (isText && element.scrollWidth > element.clientWidth + 1)
      })
      return [...wide, ...inside.map(name)]
    }),
  )
}

/** The size of every text of ours in pixels, in the order of the document. */
export function textSizes(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.place')].flatMap((place) =>
      [...(place.shadowRoot?.querySelectorAll('*') ?? [])]
        .filter((element) =>
          [...element.childNodes].some(
            ({ nodeType, data }: Node & { data?: string }) => nodeType === 3 && data?.trim(),
          ),
        )
        .map((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    ),
  )
}
