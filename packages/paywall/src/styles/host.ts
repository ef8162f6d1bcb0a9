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
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  .page {
    display: contents;
  }
  .page.teaser {
    display: block;
    mask-image: linear-gradient(#000 calc(100% - 7em), rgb(0 0 0 / 12%));
  }
  .lock {
    box-sizing: border-box;
    min-height: 132px;
  }
`
