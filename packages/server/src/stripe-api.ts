import type Stripe from 'stripe'

type Options = Stripe.RequestOptions

/** What the engine calls of Stripe; a `Stripe` instance is one, and so is a model of it. */
export interface StripeApi {
  paymentIntents: {
    create(params: Stripe.PaymentIntentCreateParams, options: Options): Promise<Stripe.PaymentIntent>
    confirm(
      id: string,
      params: Stripe.PaymentIntentConfirmParams,
      options: Options,
    ): Promise<Stripe.PaymentIntent>
    cancel(
      id: string,
      params: Stripe.PaymentIntentCancelParams,
      options: Options,
    ): Promise<Stripe.PaymentIntent>
    retrieve(
      id: string,
      params: Stripe.PaymentIntentRetrieveParams,
      options: Options,
    ): Promise<Stripe.PaymentIntent>
    list(params: Stripe.PaymentIntentListParams, options: Options): AsyncIterable<Stripe.PaymentIntent>
    search(params: Stripe.PaymentIntentSearchParams, options: Options): AsyncIterable<Stripe.PaymentIntent>
  }
  refunds: {
    create(params: Stripe.RefundCreateParams, options: Options): Promise<Stripe.Refund>
    retrieve(id: string, params: Stripe.RefundRetrieveParams, options: Options): Promise<Stripe.Refund>
    list(params: Stripe.RefundListParams, options: Options): AsyncIterable<Stripe.Refund>
  }
  disputes: {
    retrieve(id: string, params: Stripe.DisputeRetrieveParams, options: Options): Promise<Stripe.Dispute>
    list(params: Stripe.DisputeListParams, options: Options): AsyncIterable<Stripe.Dispute>
  }
  setupIntents: {
    create(params: Stripe.SetupIntentCreateParams, options: Options): Promise<Stripe.SetupIntent>
    retrieve(
      id: string,
      params: Stripe.SetupIntentRetrieveParams,
      options: Options,
    ): Promise<Stripe.SetupIntent>
    cancel(id: string, params: Stripe.SetupIntentCancelParams, options: Options): Promise<Stripe.SetupIntent>
  }
  customers: {
    create(params: Stripe.CustomerCreateParams, options: Options): Promise<Stripe.Customer>
    retrieve(
      id: string,
      params: Stripe.CustomerRetrieveParams,
      options: Options,
    ): Promise<Stripe.Customer | Stripe.DeletedCustomer>
  }
  paymentMethods: {
    list(params: Stripe.PaymentMethodListParams, options: Options): AsyncIterable<Stripe.PaymentMethod>
    detach(
      id: string,
      params: Stripe.PaymentMethodDetachParams,
      options: Options,
    ): Promise<Stripe.PaymentMethod>
    retrieve(
      id: string,
      params: Stripe.PaymentMethodRetrieveParams,
      options: Options,
    ): Promise<Stripe.PaymentMethod>
  }
  confirmationTokens: {
    retrieve(
      id: string,
      params: Stripe.ConfirmationTokenRetrieveParams,
      options: Options,
    ): Promise<Stripe.ConfirmationToken>
  }
}
