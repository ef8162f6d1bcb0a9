import { css } from './css.js'

/** The panel that takes the place of the form once there is nothing more to ask. */
export const outcome: string = css`
  .outcome {
    grid-area: 2 / 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 8px;
    padding: 24px 32px 64px;
    text-align: center;
    animation: fade 160ms ease-out;
  }
  .outcome strong {
    font-size: calc(20 * var(--unit));
    font-weight: 650;
    text-wrap: balance;
  }
  .outcome p {
    margin: 0;
    max-width: 34ch;
    color: var(--muted);
  }
  .outcome button {
    margin-block-start: 12px;
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
  }
  @keyframes draw {
    from {
      stroke-dashoffset: 24;
    }
  }
`
