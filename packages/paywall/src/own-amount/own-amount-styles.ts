import { css } from '../styles/css.js'
import { styleSheet } from '../styles/style-sheet.js'

/** The field for an amount of one's own. */
const styles = css`
  .own {
    display: grid;
    gap: 4px;
    margin-block-start: 12px;
    font-size: calc(14 * var(--unit));
  }
  .own label {
    font-weight: 500;
  }
  .own input {
    width: 100%;
    height: calc(46 * var(--unit));
    padding: 0 12px;
    border: 1px solid var(--border);
    border-radius: var(--radius);
    background: var(--field);
    color: var(--text);
    font: inherit;
    font-size: calc(16 * var(--unit));
  }
  .own small {
    font-size: calc(13 * var(--unit));
    color: var(--muted);
  }
  .own input[aria-invalid='true'] {
    border-color: var(--danger);
  }
  .own input[aria-invalid='true'] + small {
    color: var(--danger);
  }
`

/** Has an element look as this part needs it. */
export function adoptStyles(root: ShadowRoot): void {
  const sheet = styleSheet(styles)
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}
