import { css } from './css.js'

/** `<stripe402-balance>`: a quiet button in a line of text or a bar. */
export const purse: string = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  .purse {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 36px;
    padding-inline: 10px 14px;
    border: 0;
    border-radius: 99px;
    color: var(--text);
    background: var(--surface);
    box-shadow: inset 0 0 0 1px var(--line);
    font: 500 calc(15 * var(--unit))/1 var(--font);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    cursor: pointer;
    transition: background-color 120ms;
  }
  .purse:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .purse svg {
    width: 18px;
    height: 18px;
    fill: none;
    stroke: var(--accent);
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :host(:state(low)) .purse svg {
    stroke: var(--danger);
  }
  @media (hover: hover) {
    .purse:hover {
      background: var(--background);
    }
  }
  @media (pointer: coarse) {
    .purse {
      min-height: 44px;
    }
  }
  @media (forced-colors: active) {
    .purse {
      border: 1px solid ButtonText;
    }
  }
`
