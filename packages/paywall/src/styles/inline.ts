import { type CSSResult, css } from 'lit'

/** The teaser that fades out, and the panel below it. */
export const inline: CSSResult = css`
  .page.teaser {
    display: block;
    mask-image: linear-gradient(#000 calc(100% - 7em), rgb(0 0 0 / 12%));
  }
  /* The teaser of a 402's own page is the price, not the beginning of a text. */
  :host([mode='page']) .page.teaser {
    mask-image: none;
  }
  .lock {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 10px;
    min-height: 132px;
    padding: 16px;
    color: var(--muted);
    font: 400 14px/1.5 var(--font);
    text-align: center;
  }
  .lock .pay,
  .lock .quiet {
    font-size: 16px;
  }
  .lock p {
    margin: 0;
  }
  @media (forced-colors: active) {
    .page.teaser {
      mask-image: none;
    }
  }
`
