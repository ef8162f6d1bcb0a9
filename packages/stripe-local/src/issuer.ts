import { AUTHENTICATION_REQUIRED, type Decline, type TestCard } from './cards.js'

/** What the bank is asked. */
export interface IssuerQuestion {
  testCard: TestCard
  /** Attaching asks for a check of the card, setting up also for the payer's authentication. */
  purpose: 'charge' | 'set-up' | 'attach'
  isOffSession: boolean
  /** The seller asks for 3-D Secure where it can be had. */
  isAuthenticationWanted?: boolean
  /** The payer passed 3-D Secure for this attempt. */
  isAuthenticated: boolean
  /** The card was set up for payments while the payer is away. */
  isSetUp: boolean
}

/** What the bank answers. */
export type IssuerAnswer =
  | { kind: 'approved' }
  | { kind: 'challenge' }
  | { kind: 'declined'; decline: Decline }

/** Decides as the bank behind a test card does. */
export function askIssuer(question: IssuerQuestion): IssuerAnswer {
  const { testCard, purpose } = question
  if (needsAuthentication(question)) {
    return question.isOffSession
      ? { kind: 'declined', decline: AUTHENTICATION_REQUIRED }
      : { kind: 'challenge' }
  }
  const decline = purpose === 'charge' ? testCard.charge : (testCard.attach ?? testCard.charge)
  if (decline === undefined || decline === 'accepted') return { kind: 'approved' }
  return { kind: 'declined', decline }
}

function needsAuthentication(question: IssuerQuestion): boolean {
  const { testCard, purpose, isOffSession, isAuthenticated, isSetUp } = question
  if (isAuthenticated || purpose === 'attach' || testCard.authentication === undefined) return false
  if (testCard.authentication === 'on-request') return question.isAuthenticationWanted === true
  if (testCard.authentication === 'always') return true
  if (!isOffSession) return true
  return testCard.authentication === 'unless-set-up' && !isSetUp
}
