import { type CSSResult, css } from 'lit'

/** `<stripe402-balance>`: a quiet button in a line of text or a bar. */
export const balance: CSSResult = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 36px;
    padding: 0 14px 0 10px;
    padding-inline: 10px 14px;
    border-radius: 99px;
    color: var(--text);
    background: var(--surface);
    box-shadow: inset 0 0 0 1px var(--line);
    font: 500 15px/1 var(--font);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    transition: background-color 120ms;
  }
  .icon {
    width: 18px;
    height: 18px;
    color: var(--accent);
  }
  @media (hover: hover) {
    button:hover {
      background: var(--background);
    }
  }
  @media (pointer: coarse) {
    button {
      min-height: 44px;
    }
  }
  @media (forced-colors: active) {
    button {
      border: 1px solid ButtonText;
    }
  }
`
