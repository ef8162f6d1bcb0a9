import { css } from './css.js'

/** The card form's place, its skeleton, and what stands there when Stripe is held back. */
export const card: string = css`
  .card {
    /* Holds the margins of Stripe's iframe, which would move everything around it when it comes; grows with held-back. */
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    position: relative;
    min-height: var(--card-height);
    margin-block-start: 20px;
  }
  .card > * {
    grid-area: 1 / 1;
  }
  .frame {
    transition: opacity 160ms;
    /* Stripe's iframe stands 4 px out on each side, for the focus ring of its fields. */
    scroll-margin: 12px;
  }
  .card.loading .frame,
  .card.blocked .frame {
    opacity: 0;
  }
  .frame[inert] {
    opacity: 0.55;
  }
  .skeleton {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-columns: 1fr 1fr;
    grid-auto-rows: calc(44 * var(--unit));
    gap: calc(34 * var(--unit)) 12px;
    padding-block-start: calc(24 * var(--unit));
    overflow: hidden;
  }
  .skeleton i {
    border-radius: var(--radius);
    background: var(--surface);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  .skeleton i:first-child,
  .skeleton i:last-child {
    grid-column: 1 / -1;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  .consent {
    min-height: 44px;
    margin-block-start: 6px;
  }
  .held-back {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 6px;
    padding: 16px;
    border-radius: var(--radius);
    background: var(--surface);
    text-align: center;
    font-size: calc(15 * var(--unit));
  }
  .held-back p {
    margin: 0 0 8px;
    color: var(--muted);
    text-wrap: balance;
  }
  /* Carries the palette as computed colours; its transition tells when a theme changes, whatever the cause. */
  .palette {
    position: absolute;
    visibility: hidden;
    color: var(--text);
    background-color: var(--field);
    border: 0 solid var(--border);
    border-radius: var(--radius);
    outline-color: var(--accent);
    column-rule-color: var(--muted);
    text-decoration-color: var(--danger);
    font-family: var(--font);
    transition: color 1ms, background-color 1ms, border-color 1ms, outline-color 1ms !important;
  }
`
