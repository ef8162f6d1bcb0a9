import {
  type CSSResult,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from 'lit'
import { copyText } from '../scripts/copy-text.js'

interface Card {
  number: string
  what: string
}

const CARDS: readonly Card[] = [
  { number: '4242 4242 4242 4242', what: 'Test card. Any future date, CVC and ZIP.' },
  { number: '4000 0027 6000 3184', what: 'asks for 3-D Secure' },
  { number: '4000 0000 0000 0002', what: 'is declined' },
  { number: '4000 0000 0000 9995', what: 'has too little money' },
]

const PROMISE = {
  local: 'A local Stripe plays the bank: no real money.',
  test: 'Stripe’s test mode: no real money.',
} as const

/**
 * The test cards, for the `hint` slot of a paywall: one that pays in a line at the head of the dialog, the others
 * unfolded from it. Renders nothing until it knows which Stripe is in use.
 */
export class TestCards extends LitElement {
  static override properties: PropertyDeclarations = {
    mode: {},
    copied: { state: true },
    isOpen: { state: true },
  }

  static override styles: CSSResult = css`
    :host {
      display: block;
      font: 400 14px / 1.4 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
      text-align: start;
    }
    .cards {
      margin: 14px 24px 0;
      padding: 2px 8px 2px 14px;
      border-radius: 10px;
      background: light-dark(#fff5de, #2b2516);
      color: light-dark(#4a3503, #f4e3c0);
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 262px), 1fr));
      gap: 0 28px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: end;
      gap: 4px 8px;
      padding-block: 6px;
    }
    .what {
      flex: 1 1 150px;
      min-width: 0;
    }
    code {
      display: block;
      font: 600 13px / 1.4 ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
      white-space: nowrap;
    }
    p {
      margin: 4px 0 10px;
    }
    button {
      flex: none;
      min-width: 62px;
      min-height: 32px;
      padding: 0 8px;
      border: 0;
      border-radius: 8px;
      background: color-mix(in oklab, currentColor, transparent 90%);
      color: inherit;
      font: inherit;
      font-weight: 500;
      cursor: pointer;
    }
    button:hover {
      background: color-mix(in oklab, currentColor, transparent 82%);
    }
    :focus-visible {
      outline: 2px solid currentColor;
      outline-offset: 2px;
    }
    @media (pointer: coarse) {
      button {
        min-height: 44px;
      }
    }
    @media (max-width: 479.98px) {
      .cards {
        margin-inline: 20px;
      }
      /* Below its card, as wide as the box: beside it there is no room. */
      .toggle {
        order: 1;
        flex-basis: 100%;
      }
      /* Unfolded, it scrolls by itself: Pay stays in sight. */
      ul {
        max-height: 164px;
        padding-block-start: 6px;
        overflow-y: auto;
      }
    }
  `

  /** Which Stripe the cards are for. */
  declare mode: 'local' | 'test' | null
  declare private copied: string | null
  declare private isOpen: boolean

  constructor() {
    super()
    this.mode = null
    this.copied = null
    this.isOpen = false
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.mode) return nothing
    const [first, ...others] = CARDS
    return html`<div class="cards" role="group" aria-label="Test cards">
      <ul id="list">
        ${first && this.#card(first, this.#toggle())}
        ${this.isOpen ? others.map((card) => this.#card(card)) : nothing}
      </ul>
      ${this.isOpen ? html`<p>${PROMISE[this.mode]}</p>` : nothing}
    </div>`
  }

  #toggle(): TemplateResult {
    const label = this.isOpen ? 'Fewer test cards' : 'Other test cards'
    const toggle = (): void => {
      this.isOpen = !this.isOpen
    }
    return html`<button
      class="toggle"
      type="button"
      aria-expanded=${this.isOpen}
      aria-controls="list"
      @click=${toggle}
    >
      ${label}
    </button>`
  }

  #card({ number, what }: Card, more: TemplateResult | typeof nothing = nothing): TemplateResult {
    const copy = async (): Promise<void> => {
      await copyText(number.replaceAll(' ', ''))
      this.copied = number
    }
    return html`<li>
      <span class="what"><code>${number}</code>${what}</span>
      ${more}
      <button type="button" aria-label="Copy ${number}" @click=${copy}>
        ${this.copied === number ? 'Copied' : 'Copy'}
      </button>
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'demo-test-cards': TestCards
  }
}

customElements.define('demo-test-cards', TestCards)
