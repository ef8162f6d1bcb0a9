import { css } from './css.js'

/** What opens from `<stripe402-balance>`. */
export const balancePanel: string = css`
  .panel {
    position: fixed;
    inset: var(--top) var(--right) var(--bottom) var(--left);
    width: min(calc(360 * var(--unit)), 100vw - 16px);
    max-height: calc(100dvh - var(--gap) - 12px);
    margin: 0;
    padding: 20px;
    border: 0;
    border-radius: calc(var(--radius) + 6px);
    overflow: auto;
    overscroll-behavior: contain;
    color: var(--text);
    background: var(--background);
    box-shadow: var(--shadow);
    font: 400 calc(15 * var(--unit))/1.45 var(--font);
    text-align: start;
  }
  .panel p,
  h2,
  h3 {
    margin: 0;
  }
  h2 {
    font-size: calc(14 * var(--unit));
    font-weight: 500;
    color: var(--muted);
  }
  .total {
    font-size: calc(30 * var(--unit));
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .where,
  .hint {
    font-size: calc(14 * var(--unit));
    color: var(--muted);
  }
  .panel .pay,
  .panel .quiet {
    width: 100%;
    min-height: 44px;
    margin-block-start: 12px;
  }
  h3 {
    margin-block: 20px 4px;
    font-size: calc(14 * var(--unit));
    font-weight: 600;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 12px;
    padding-block: 8px;
    border-block-end: 1px solid var(--line);
  }
  li.skeleton {
    min-height: 56px;
  }
  .what {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .what small {
    display: block;
    font-size: calc(13 * var(--unit));
    color: var(--muted);
  }
  code {
    display: block;
    font: calc(12 * var(--unit)) ui-monospace, Menlo, Consolas, monospace;
    user-select: all;
  }
  .amount {
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  .came .amount {
    color: var(--success);
  }
  .link {
    min-height: 44px;
    color: var(--accent);
    font-weight: 500;
  }
  .panel .hint {
    margin-block-start: 16px;
  }
  h2.low {
    color: var(--danger);
  }
  @media (max-width: 479.98px) {
    .panel {
      inset: auto 0 0;
      width: 100%;
      max-width: none;
      max-height: 85dvh;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
  }
  @media (forced-colors: active) {
    .panel {
      border: 1px solid CanvasText;
    }
  }
`
