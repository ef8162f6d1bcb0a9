import { css } from '../styles/css.js'
import { styleSheet } from '../styles/style-sheet.js'

/** The bar at the lower edge of the page. */
export const bar: string = css`
  .bar {
    position: fixed;
    inset: auto 0 0;
    z-index: 2147483000;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 12px 16px;
    width: min(100% - 24px, calc(680 * var(--unit)));
    margin: 0 auto calc(12px + env(safe-area-inset-bottom));
    padding: 14px 16px;
    border-radius: calc(var(--radius) + 6px);
    background: var(--background);
    color: var(--text);
    font: 400 calc(15 * var(--unit))/1.4 var(--font);
    text-align: start;
    box-shadow: var(--shadow);
    animation: rise 220ms cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .bar .badge {
    width: 40px;
    height: 40px;
    margin: 0;
  }
  .bar .badge .icon {
    width: 20px;
    height: 20px;
  }
  .bar-text {
    flex: 99 1 calc(220 * var(--unit));
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .bar-text p {
    margin: 0;
    color: var(--muted);
  }
  /* The seller's words, which may be any number. */
  .bar-text .cut {
    max-height: 2.8em;
    overflow: hidden;
  }
  .bar-buttons {
    display: flex;
    flex-wrap: wrap;
    flex: auto;
    max-width: 100%;
    gap: 8px;
  }
  .bar-buttons button {
    flex: auto;
    min-height: 44px;
  }
`

/** Has an element look as this part needs it. */
export function adoptStyles(root: ShadowRoot): void {
  const sheet = styleSheet(bar)
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}
