import { css } from './css.js'

/** Buttons, links and focus, the same wherever they stand. */
export const controls: string = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .pay,
  .quiet {
    min-height: 48px;
    padding: 0 20px;
    border-radius: var(--radius);
    font-weight: 600;
    transition: background-color 120ms, opacity 120ms;
  }
  .pay {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    color: var(--on-accent);
    background: var(--accent);
  }
  .quiet {
    font-weight: 500;
    color: var(--text);
    box-shadow: inset 0 0 0 1px var(--line);
  }
  @media (hover: hover) {
    .pay:not([aria-disabled='true']):hover {
      background: color-mix(in oklab, var(--accent), black 12%);
    }
    .quiet:enabled:hover,
    .close:enabled:hover {
      background: var(--surface);
    }
  }
  .pay[aria-disabled='true'] {
    cursor: default;
  }
  .pay[aria-disabled='true']:not([aria-busy='true']) {
    opacity: 0.5;
  }
  .icon {
    width: calc(20 * var(--unit));
    height: calc(20 * var(--unit));
    flex: none;
  }
  .spinner {
    width: calc(18 * var(--unit));
    height: calc(18 * var(--unit));
    flex: none;
    border-radius: 50%;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    animation: turn 800ms linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (forced-colors: active) {
    .pay,
    .quiet {
      border: 1px solid ButtonText;
    }
    .spinner {
      forced-color-adjust: none;
      color: CanvasText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
    }
    .spinner {
      animation-duration: 4s;
      animation-timing-function: steps(8);
    }
  }
`
