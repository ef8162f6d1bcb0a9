import { css } from './css.js'

/** What stands inside the dialog while a person chooses and pays. */
export const form: string = css`
  .form {
    grid-area: 2 / 1;
    margin: 0;
    padding: 16px var(--side) 20px;
    interpolate-size: allow-keywords;
    transition: height 260ms;
  }
  /* Still there, for a payment that comes to nothing; a part of a page does not move what stands below. */
  .form[inert] {
    visibility: hidden;
    overflow: clip;
  }
  .overlay:not(.in-place) .form[inert] {
    height: 0;
  }
  /* A seller's word about a form that is not there. */
  div:has(+ .form[inert]) {
    display: none;
  }
  .summary {
    margin: 0;
    padding: 4px 16px;
    border-radius: var(--radius);
    background: var(--surface);
    font-variant-numeric: tabular-nums;
  }
  .row {
    display: flex;
    justify-content: space-between;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 16px;
    padding-block: 8px;
    font-size: calc(15 * var(--unit));
  }
  .row + .row {
    border-block-start: 1px solid var(--line);
  }
  dt {
    flex: 1 1 calc(110 * var(--unit));
    color: var(--muted);
    overflow-wrap: anywhere;
    min-width: 0;
  }
  dd {
    margin: 0;
    margin-inline-start: auto;
    flex: none;
    max-width: 100%;
    text-align: end;
    overflow-wrap: anywhere;
    font-weight: 500;
  }
  .short > * {
    color: var(--danger);
  }
  .what dt {
    color: var(--text);
    font-weight: 500;
  }
  .what small {
    display: block;
    font-size: calc(13 * var(--unit));
    font-weight: 400;
    color: var(--muted);
  }
  .choices {
    margin-block-start: 20px;
  }
  h3 {
    margin: 0;
    font-size: calc(15 * var(--unit));
    font-weight: 600;
    line-height: 1.4;
  }
  .hint {
    margin: 0;
    font-size: calc(14 * var(--unit));
    color: var(--muted);
  }
  .tiles {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-block-start: 10px;
  }
  .tile {
    position: relative;
    display: flex;
    flex-direction: column;
    justify-content: center;
    flex: 1 1 calc(84 * var(--unit));
    min-width: min-content;
    min-height: 44px;
    padding: 8px;
    border-radius: var(--radius);
    text-align: center;
    cursor: pointer;
    box-shadow: inset 0 0 0 1px var(--line);
    transition: box-shadow 120ms, background-color 120ms;
  }
  .tile input {
    position: absolute;
    inset: 0;
    opacity: 0;
    margin: 0;
    cursor: inherit;
  }
  .amount {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .tile small {
    text-wrap: balance;
    font-size: calc(12 * var(--unit));
    line-height: 1.3;
    color: var(--muted);
  }
  .tile:has(:checked) {
    box-shadow: inset 0 0 0 2px var(--accent);
    background: color-mix(in oklab, var(--accent), transparent 92%);
  }
  .tile:has(:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .problem {
    display: flex;
    gap: 10px;
    margin: 0 0 12px;
    padding: 10px 14px;
    border-radius: var(--radius);
    font-size: calc(15 * var(--unit));
    color: var(--danger);
    overflow-wrap: anywhere;
    background: color-mix(in oklab, var(--danger), transparent 91%);
  }
  .foot {
    margin-block-start: 18px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .buttons .pay {
    flex: 1 1 calc(140 * var(--unit));
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .foot .hint {
    margin-block-end: 10px;
  }
  /* Mostly shown by other means: said only, it must not push the buttons about. */
  .said {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .small-print {
    display: flex;
    justify-content: center;
    gap: 6px;
    margin: 12px 0 0;
    font-size: calc(13 * var(--unit));
    line-height: 1.45;
    color: var(--muted);
    text-wrap: pretty;
  }
  .small-print .icon {
    width: calc(16 * var(--unit));
    height: calc(16 * var(--unit));
    margin-block-start: 1px;
  }
  /* The links stay together as long as they fit in a line. */
  .small-print span span {
    display: inline-block;
  }
  .small-print a,
  .outcome a {
    color: inherit;
    display: inline-block;
    min-height: 24px;
  }
  @media (pointer: coarse) {
    .small-print a {
      padding-block: 12px;
      margin-block: -12px;
    }
  }
  @container s402 (width < max(480px, 30rem)) {
    .form {
      padding-block: 12px 14px;
    }
    .row {
      padding-block: 6px;
    }
    .choices,
    .card {
      margin-block-start: 16px;
    }
  }
  /* The form itself holds the foot, so that it is in sight while any of the form is. */
  .offer,
  .payment {
    display: contents;
  }
  /* Pay, and why it did not work, stay in sight while the rest scrolls; not where they would be all there is to see. */
  @container s402 (height >= max(520px, 32.5rem)) {
    .foot {
      position: sticky;
      z-index: 1;
      inset-block-end: 0;
      margin: 8px calc(-1 * var(--side)) -4px;
      padding: 8px var(--side);
      background: var(--background);
    }
    .foot::before {
      content: '';
      position: absolute;
      inset: auto 0 100%;
      height: 12px;
      background: linear-gradient(to top, var(--background), transparent);
      pointer-events: none;
    }
  }
  @container s402 (width >= max(800px, 50rem)) and (height < max(880px, 55rem)) {
    .form:has(.card) {
      display: grid;
      grid-template-columns: 1fr 1fr;
      column-gap: calc(2 * var(--side));
      padding-block-start: 20px;
    }
    .form:has(.card) > * {
      display: block;
    }
    .form .card {
      margin-block-start: 0;
    }
  }
`
