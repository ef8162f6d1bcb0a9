interface Gate {
  arrive(): void
  open(): void
  readonly arrived: Promise<void>
  readonly opened: Promise<void>
}

const gates = new WeakMap<object, Map<string, Gate>>()

/** A point that an answer waits at until a test lets it through. One per shop and name. */
export function gateOf(shop: object, name: string): Gate {
  const ofShop = gates.get(shop) ?? new Map<string, Gate>()
  gates.set(shop, ofShop)
  const gate = ofShop.get(name) ?? openGate()
  ofShop.set(name, gate)
  return gate
}

function openGate(): Gate {
  let arrive = (): void => {}
  let open = (): void => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { arrive, open, arrived, opened }
}
