import { css } from './css.js'

/** The panel that covers the form once there is nothing more to ask. */
export const outcome: string = css`
  .outcome {
    position: absolute;
    z-index: 2;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 8px;
    padding: 24px 32px 64px;
    border-radius: 0 0 calc(var(--radius) + 8px) calc(var(--radius) + 8px);
    background: var(--background);
    text-align: center;
    animation: fade 160ms ease-out;
  }
  .outcome strong {
    font-size: calc(20 * var(--unit));
    font-weight: 650;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }
  .outcome a {
    color: inherit;
    display: inline-block;
    min-height: 24px;
  }
  .outcome p {
    margin: 0;
    max-width: 34ch;
    color: var(--muted);
    text-wrap: balance;
  }
  .outcome .pay,
  .outcome .quiet {
    margin-block-start: 12px;
    min-width: 120px;
  }
  .badge {
    display: grid;
    place-items: center;
    width: 56px;
    height: 56px;
    margin-block-end: 8px;
    border-radius: 50%;
    color: var(--accent);
    background: color-mix(in oklab, currentColor, transparent 88%);
  }
  .badge .icon {
    width: 28px;
    height: 28px;
  }
  .paid .badge {
    color: var(--success);
  }
  .paid .badge path {
    stroke-dasharray: 24;
    animation: draw 320ms 80ms ease-out both;
  }
  .failed .badge {
    color: var(--danger);
  }
  .checking {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: 8px;
  }
  @keyframes draw {
    from {
      stroke-dashoffset: 24;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .outcome,
    .paid .badge path {
      animation: none;
    }
  }
`
