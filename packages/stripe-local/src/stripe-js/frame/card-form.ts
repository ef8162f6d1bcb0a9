import { brandOf } from '../card/brand.js'
import { digitsOf } from '../card/card-number.js'
import { type FieldName, fieldNames, judgeCard } from '../card/judge.js'
import { formatPostalCode, needsPostalCode } from '../card/postal-code.js'
import { countryOf } from '../text/countries.js'
import { type Language, pickLanguage } from '../text/languages.js'
import type { ApiOutcome } from '../wire/api.js'
import { type CardFormSetup, readCardFormSetup } from '../wire/card-form-setup.js'
import { isObject, type JsonObject, textAt } from '../wire/json.js'
import { applyAppearance } from './appearance.js'
import { sendCard } from './card-api.js'
import { byId } from './dom.js'
import { keepFieldErrors } from './field-errors.js'
import { findFields, showBrand, tidyField, valuesOf } from './fields.js'
import { writeFormText, writePostalCodeText } from './form-text.js'
import { openPageChannel } from './page-channel.js'

const form = byId('form', HTMLFormElement)
const fields = findFields()
let setup: CardFormSetup | null = null
let language: Language = pickLanguage([])
let isFocused = false
const errors = keepFieldErrors(fields, () => language.text)

const channel = openPageChannel((kind, payload) => {
  if (kind === 'setup') begin(payload)
  else if (kind === 'focus') fields.number.focus()
  else if (kind === 'blur') blur()
  else if (kind === 'clear') clear()
  else if (kind === 'report') reportChange()
  else if (kind === 'request' && isObject(payload)) void answer(payload)
})

function begin(payload: unknown): void {
  const isFirst = setup === null
  setup = readCardFormSetup(payload)
  if (!setup) return
  apply(setup)
  fields.country.value = setup.defaultCountry || countryOf(setup.locales)
  fields.postalCode.value = formatPostalCode(fields.country.value, setup.defaultPostalCode)
  refreshCountry()
  form.hidden = false
  judge()
  if (isFirst) channel.send('ready')
}

function apply(next: CardFormSetup): void {
  language = pickLanguage(next.locales)
  applyAppearance(next.appearance)
  writeFormText(fields, language)
  form.dataset.variant = next.variant
  form.dataset.icons = next.hasIcons ? 'on' : 'off'
  byId('badge', HTMLElement).hidden = next.variant === 'card' || !next.publishableKey.startsWith('pk_test_')
  byId('country-field', HTMLElement).hidden = !next.hasCountry
  for (const field of fieldNames) fields[field].readOnly = next.isReadOnly
  fields.country.disabled = next.isReadOnly
  refreshCountry()
  errors.reveal([])
}

/** Asks for a postal code where the issuer checks it. A Card Element asks everybody. */
function hasPostalCode(): boolean {
  if (!setup?.hasPostalCode) return false
  return setup.variant === 'card' || needsPostalCode(fields.country.value)
}

function refreshCountry(): void {
  byId('postal-field', HTMLElement).hidden = !hasPostalCode()
  writePostalCodeText(fields, language, setup?.variant !== 'card')
}

function judge(): void {
  errors.judge(judgeCard(valuesOf(fields), { today: new Date(), hasPostalCode: hasPostalCode() }))
}

function wrongFields(): FieldName[] {
  const wrong = judgeCard(valuesOf(fields), { today: new Date(), hasPostalCode: hasPostalCode() })
  return fieldNames.filter((field) => wrong.has(field))
}

/** Tells the page how far the person is; never what they typed. */
function reportChange(): void {
  const { number, expiry, cvc, postalCode } = valuesOf(fields)
  const isEmpty = number === '' && expiry === '' && cvc === ''
  const common = { elementType: setup?.variant, empty: isEmpty, complete: wrongFields().length === 0 }
  const error = errors.visible() ?? undefined
  channel.send(
    'change',
    setup?.variant === 'card'
      ? { ...common, error, brand: brandOf(digitsOf(number)), value: { postalCode } }
      : { ...common, error, value: { type: 'card' } },
  )
}

function clear(): void {
  for (const field of fieldNames) fields[field].value = ''
  showBrand(fields)
  judge()
  errors.reset()
  reportChange()
}

function blur(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

async function answer(request: JsonObject): Promise<void> {
  const result = await act(textAt(request, 'action') ?? '', request.params)
  channel.send('reply', { id: request.id, result })
}

async function act(action: string, params: unknown): Promise<JsonObject> {
  if (action === 'update') return update(params)
  const error = validate()
  if (error || !setup || action === 'validate') return error ? { error } : {}
  if (action !== 'create-payment-method' && action !== 'create-confirmation-token') return {}
  const { hasCountry } = setup
  const values = valuesOf(fields)
  const outcome = await sendCard({
    access: setup,
    action,
    values,
    hasCountry,
    hasPostalCode: hasPostalCode(),
    params,
  })
  return outcome.kind === 'error' ? { error: explain(outcome) } : { object: outcome.object }
}

function update(payload: unknown): JsonObject {
  const next = readCardFormSetup(payload)
  if (next) {
    setup = next
    apply(next)
    judge()
  }
  return {}
}

/** Shows everything that is wrong and goes to the first of it. */
function validate(): JsonObject | null {
  judge()
  const wrong = wrongFields()
  errors.reveal(wrong)
  const first = wrong[0]
  if (!first) return null
  fields[first].focus()
  reportChange()
  return { ...errors.visible() }
}

function explain({ error }: Extract<ApiOutcome, { kind: 'error' }>): JsonObject {
  return error.type === 'api_connection_error' ? { ...error, message: language.text.connectionError } : error
}

form.addEventListener('input', (event) => {
  tidyField(fields, event.target, event instanceof InputEvent && event.inputType.startsWith('delete'))
  if (event.target === fields.country) refreshCountry()
  judge()
  reportChange()
})
form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') channel.send('escape')
  if (event.key === 'Enter') channel.send('enter')
})
form.addEventListener('focusin', () => {
  if (!isFocused) channel.send('focus')
  isFocused = true
})
form.addEventListener('focusout', (event) => {
  const left = fieldNames.find((field) => fields[field] === event.target)
  if (left && fields[left].value !== '') errors.reveal([left])
  if (left) reportChange()
  if (event.relatedTarget === null) {
    isFocused = false
    channel.send('blur')
  }
})
new ResizeObserver(() => channel.send('height', form.offsetHeight)).observe(form)
channel.send('hello')
