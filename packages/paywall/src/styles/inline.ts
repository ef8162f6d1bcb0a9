import { css } from './css.js'

/** The panel below the teaser. */
export const inline: string = css`
  slot.teaser {
    display: block;
    mask-image: linear-gradient(#000 calc(100% - 7em), rgb(0 0 0 / 12%));
  }
  .lock {
    display: flex;
    min-height: max(132px, 8.25rem);
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 10px;
    padding: 16px;
    color: var(--muted);
    font: 400 calc(14 * var(--unit))/1.5 var(--font);
    text-align: center;
  }
  .lock .pay,
  .lock .quiet {
    font-size: calc(16 * var(--unit));
  }
  .lock p {
    margin: 0;
  }
  @media (forced-colors: active) {
    slot.teaser {
      mask-image: none;
    }
  }
`
