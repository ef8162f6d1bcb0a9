import { css } from './css.js'

/** The overlay and the frame of the dialog: a card in the middle, a sheet from below on a phone. */
export const overlay: string = css`
  .overlay {
    position: fixed;
    inset: 0;
    /* Below the 2147483647 of Stripe's 3-D Secure frame, above everything else. */
    z-index: 2147483000;
    /* Not the window decides how the dialog is laid out, but the room there is for it. */
    container: s402 / size;
    display: grid;
    /* A hint that is too wide must not make the dialog wider than the window. */
    grid-template-columns: minmax(0, 1fr);
    place-items: safe center;
    overflow: auto;
    overscroll-behavior: contain;
    scroll-padding-block-end: 96px;
    background: var(--backdrop);
    animation: fade 160ms ease-out;
  }
  /* What has the focus is not left under the foot, which is higher then. */
  .overlay:has(.problem) {
    scroll-padding-block-end: calc(230 * var(--unit));
  }
  .dialog {
    --side: 24px;
    width: min(100% - 48px, calc(440 * var(--unit)));
    margin: 24px;
    border-radius: calc(var(--radius) + 8px);
    background: var(--background);
    color: var(--text);
    font: 400 calc(16 * var(--unit))/1.5 var(--font);
    letter-spacing: normal;
    text-align: start;
    box-shadow: var(--shadow);
    animation: rise 220ms cubic-bezier(0.2, 0.8, 0.2, 1);
  }
  .dialog:focus {
    outline: none;
  }
  .guard {
    position: fixed;
    inset-block-start: 0;
    outline: none;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 12px;
    padding-block-start: 20px;
    padding-inline: var(--side) 16px;
  }
  .monogram {
    display: grid;
    place-items: center;
    flex: none;
    align-self: start;
    width: calc(40 * var(--unit));
    height: calc(40 * var(--unit));
    border-radius: var(--radius);
    color: var(--accent);
    background: color-mix(in oklab, var(--accent), transparent 88%);
    font-weight: 650;
    font-size: calc(18 * var(--unit));
  }
  .payee {
    flex: 1;
    min-width: 0;
  }
  h2 {
    margin: 0;
    font-size: calc(18 * var(--unit));
    font-weight: 650;
    line-height: 1.3;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .host {
    margin: 0;
    font-size: calc(14 * var(--unit));
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .close {
    display: grid;
    place-items: center;
    flex: none;
    align-self: start;
    width: 44px;
    height: 44px;
    margin-block-start: -4px;
    border-radius: 50%;
    color: var(--muted);
  }
  /* What the form came to stands in its place, and decides how much of it is left. */
  .content {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .overlay.paid {
    pointer-events: none;
    animation: leave 260ms 1.9s ease-in both;
  }
  .overlay.uncharged {
    animation-delay: 4s;
  }
  .paid .close {
    pointer-events: auto;
  }
  @keyframes fade {
    from {
      opacity: 0;
    }
  }
  @keyframes leave {
    to {
      opacity: 0;
    }
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 12px;
    }
  }
  @keyframes slide {
    from {
      translate: 0 100%;
    }
  }
  @container s402 (width < max(480px, 30rem)) {
    .dialog {
      --side: 20px;
      width: 100%;
      margin: 24px 0 0;
      align-self: safe end;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
      padding-block-end: env(safe-area-inset-bottom);
      animation-name: slide;
    }
    .head {
      padding-inline-end: 10px;
    }
  }
  /* Wide but not high, as most laptops are: what is bought stands beside how it is paid, so that Pay is in sight. */
  @container s402 (width >= max(800px, 50rem)) and (height < max(880px, 55rem)) {
    .dialog:has(.card) {
      width: min(100% - 48px, calc(780 * var(--unit)));
    }
  }
`
