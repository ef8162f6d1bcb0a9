import { css } from '../styles/css.js'
import { styleSheet } from '../styles/style-sheet.js'

/** The question whether a card shall be kept, and the kept card in the place of the form. */
const styles = css`
  .consent label {
    display: flex;
    gap: 10px;
    align-items: center;
    min-height: 44px;
    font-size: calc(15 * var(--unit));
    cursor: pointer;
    scroll-margin-block: 24px;
  }
  .consent input {
    flex: none;
    width: calc(20 * var(--unit));
    height: calc(20 * var(--unit));
    margin: 0;
    accent-color: var(--accent);
  }
  .kept .quiet {
    flex: 1 0 auto;
    min-width: 0;
    max-width: 100%;
  }
  .forget {
    flex: 1 0 auto;
    max-width: 100%;
    min-height: 44px;
    padding-inline: 12px;
    color: var(--muted);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .payment:has(.kept) .pay {
    padding: 6px 12px;
  }
  .which,
  .sum {
    display: inline-block;
  }
  /* The card stands above. */
  @container s402 (width < max(480px, 30rem)) {
    .which {
      position: absolute;
      clip-path: inset(50%);
    }
  }
`

/** Has an element look as this part needs it. */
export function adoptStyles(root: ShadowRoot): void {
  const sheet = styleSheet(styles)
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}
