import { css } from './css.js'

/**
 * The element in the page: nothing of its own as an overlay, a block that holds the content when inline, with the room
 * of the panel kept from the start.
 */
export const host: string = css`
  :host {
    display: contents;
  }
  :host([src]) {
    display: block;
    position: relative;
  }
  :host([hidden]) {
    display: none;
  }
  :host([src]) slot:not(.awake, [name])::after {
    content: '';
    display: block;
    height: max(132px, 8.25rem);
  }
`
