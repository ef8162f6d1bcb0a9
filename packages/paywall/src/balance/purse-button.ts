import { COINS_PATH } from '../views/icon-paths.js'

/** The button that a `<stripe402-balance>` is. */
export interface PurseButton {
  readonly element: HTMLButtonElement
  /** @param name what it is called, when that is more than its text; it then opens a panel */
  show(text: string, name?: string): void
}

const SVG = 'http://www.w3.org/2000/svg'

/** Makes the button by hand: one button is not worth a template engine. */
export function purseButton(onClick: () => void): PurseButton {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = 'purse'
  element.setAttribute('part', 'button')
  const icon = document.createElementNS(SVG, 'svg')
  icon.setAttribute('viewBox', '0 0 20 20')
  icon.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', COINS_PATH)
  icon.append(path)
  const label = document.createElement('bdi')
  element.append(icon, label)
  element.addEventListener('click', onClick)
  return {
    element,
    show(text, name) {
      label.textContent = text
      element.ariaLabel = name ?? null
      element.ariaHasPopup = name === undefined ? null : 'dialog'
      element.ariaExpanded = name === undefined ? null : (element.ariaExpanded ?? 'false')
    },
  }
}
