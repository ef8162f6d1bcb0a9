import { type CSSResult, css } from 'lit'

/** The element in the page: nothing of its own as an overlay, a block that holds the content when inline. */
export const host: CSSResult = css`
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
  .page {
    display: contents;
  }
`
