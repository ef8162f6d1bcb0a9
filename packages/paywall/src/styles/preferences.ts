import { css } from './css.js'

/** What a system asks of everything that the paywall shows: colours of its own, and stillness. Comes last. */
export const preferences: string = css`
  @media (forced-colors: active) {
    .bar,
    .dialog,
    .summary,
    .tile {
      border: 1px solid CanvasText;
    }
    .tile:has(:checked) {
      border: 3px solid Highlight;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .overlay,
    .dialog {
      animation-duration: 1ms;
    }
    .overlay.paid {
      animation-timing-function: step-end;
    }
    .skeleton i,
    .outcome,
    .paid .badge path {
      animation: none;
    }
  }
`
