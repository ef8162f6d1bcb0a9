import { css } from './css.js'

/** The panel below the teaser, and the dialog as a part of the page: only a resource of its own makes it one. */
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
  /* Part of the page: nothing behind it, nothing to close. */
  .overlay.in-place {
    position: static;
    place-items: start;
    margin-block-start: 20px;
    container-type: inline-size;
    background: none;
    overflow: visible;
    pointer-events: auto;
    animation: none;
  }
  .in-place .dialog {
    width: min(100%, calc(440 * var(--unit)));
    margin: 0;
    animation: none;
  }
  @container s402 (width < max(480px, 30rem)) {
    .in-place .dialog {
      width: 100%;
      margin: 0;
      border-radius: calc(var(--radius) + 8px);
    }
  }
  @media (forced-colors: active) {
    slot.teaser {
      mask-image: none;
    }
  }
`
