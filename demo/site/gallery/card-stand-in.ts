const FIELDS = [
  ['Card number', '1234 1234 1234 1234', 'wide'],
  ['Expiration date', 'MM / YY', ''],
  ['Security code', 'CVC', ''],
  ['ZIP code', '12345', 'wide'],
] as const

/** A drawing of Stripe's card form, at its height: the gallery shows the dialog, and asks nobody for a card. */
export function cardStandIn(): HTMLElement {
  const form = document.createElement('div')
  form.className = 'card-stand-in'
  form.slot = 'card'
  form.ariaHidden = 'true'
  form.append(
    ...FIELDS.map(([label, hint, width]) => {
      const field = document.createElement('div')
      const [name, box] = [document.createElement('span'), document.createElement('span')]
      field.className = width
      name.textContent = label
      box.textContent = hint
      box.className = 'box'
      field.append(name, box)
      return field
    }),
  )
  return form
}
