import type Stripe from 'stripe'

/** A customer as the local Stripe keeps it. */
export interface CustomerRecord {
  id: string
  createdS: number
  isDeleted: boolean
  description: string | null
  email: string | null
  name: string | null
  phone: string | null
  metadata: Record<string, string>
  defaultPaymentMethod: string | null
}

/** Builds the object that the API returns. */
export function customerObject(record: CustomerRecord): Stripe.Customer | Stripe.DeletedCustomer {
  if (record.isDeleted) return { id: record.id, object: 'customer', deleted: true }
  return {
    id: record.id,
    object: 'customer',
    address: null,
    balance: 0,
    created: record.createdS,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: record.description,
    discount: null,
    email: record.email,
    invoice_prefix: record.id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: record.defaultPaymentMethod,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: record.metadata,
    name: record.name,
    next_invoice_sequence: 1,
    phone: record.phone,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
}
