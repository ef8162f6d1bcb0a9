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
  { number: '4242 4242 4242 4242', what: 'Pays' },
  { number: '4000 0027 6000 3184', what: 'Asks for 3-D Secure' },
  { number: '4000 0000 0000 0002', what: 'Is declined' },
  { number: '4000 0000 0000 9995', what: 'Has too little money' },
]

const WIDE = '(min-width: 1000px)'

/**
 * The test cards, for the `hint` slot of a paywall: beside the dialog where there is room, else folded up inside it.
 * Renders nothing until it knows which Stripe is in use.
 */
export class TestCards extends LitElement {
  static override properties: PropertyDeclarations = {
    mode: { type: String },
    copied: { state: true },
    isWide: { state: true },
  }

  static override styles: CSSResult = css`
    :host {
      display: block;
      font: 400 14px / 1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
      text-align: start;
    }
    details {
      margin: 12px 24px 0;
      border-radius: 10px;
      background: light-dark(#fff7e6, #2a2418);
      color: light-dark(#3d2c05, #f4e3c0);
    }
    summary {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 44px;
      padding-inline: 14px;
      font-weight: 600;
      cursor: pointer;
      border-radius: inherit;
    }
    summary::-webkit-details-marker {
      display: none;
    }
    summary::after {
      content: '';
      width: 7px;
      height: 7px;
      margin-inline-start: auto;
      border: solid currentColor;
      border-width: 0 1.5px 1.5px 0;
      rotate: 45deg;
      translate: 0 -2px;
    }
    [open] > summary::after {
      rotate: 225deg;
      translate: 0 2px;
    }
    .inner {
      padding: 0 14px 12px;
    }
    p {
      margin: 0;
    }
    ul {
      list-style: none;
      margin: 4px 0 8px;
      padding: 0;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
      padding-block: 5px;
      border-block-start: 1px solid color-mix(in oklab, currentColor, transparent 85%);
    }
    li > span {
      flex: 1;
      min-width: 0;
    }
    code {
      display: block;
      font: 600 13px / 1.4 ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
      white-space: nowrap;
    }
    button {
      flex: none;
      min-width: 64px;
      min-height: 32px;
      padding: 0 10px;
      border: 0;
      border-radius: 8px;
      background: color-mix(in oklab, currentColor, transparent 88%);
      color: inherit;
      font: inherit;
      font-weight: 500;
      cursor: pointer;
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
    @media (min-width: 1000px) {
      details {
        position: absolute;
        inset-block-start: 0;
        inset-inline-start: calc(100% + 20px);
        width: 262px;
        margin: 0;
      }
    }
  `

  /** Which Stripe the cards are for. */
  declare mode: 'local' | 'test' | null
  declare private copied: string | null
  declare private isWide: boolean

  readonly #media = matchMedia(WIDE)
  readonly #onMedia = (): void => {
    this.isWide = this.#media.matches
  }

  constructor() {
    super()
    this.mode = null
    this.copied = null
    this.isWide = this.#media.matches
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#media.addEventListener('change', this.#onMedia)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#media.removeEventListener('change', this.#onMedia)
  }

  async #copy(number: string): Promise<void> {
    await copyText(number.replaceAll(' ', ''))
    this.copied = number
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.mode) return nothing
    return html`<details ?open=${this.isWide}>
      <summary>Test cards</summary>
      <div class="inner">
        <p>
          ${this.mode === 'local' ? 'A local Stripe plays the bank: no real money.' : 'Stripe’s test mode: no real money.'}
        </p>
        <ul>
          ${CARDS.map(({ number, what }) => this.#card(number, what))}
        </ul>
        <p>Any future date, any CVC.</p>
      </div>
    </details>`
  }

  #card(number: string, what: string): TemplateResult {
    const isCopied = this.copied === number
    return html`<li>
      <span><code>${number}</code>${what}</span>
      <button type="button" aria-label="Copy ${number}" @click=${() => this.#copy(number)}>
        ${isCopied ? 'Copied' : 'Copy'}
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
