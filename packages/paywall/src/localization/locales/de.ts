import type { Translation } from '../translation.js'

const de: Translation = {
  'pay-to': '{0} bezahlen',
  'top-up-at': 'Guthaben bei {0} aufladen',
  'per-request': 'pro Abruf',
  'your-balance': 'Ihr Guthaben',
  'left-after': 'Danach übrig',
  'balance-after': 'Neues Guthaben',
  'top-up-amount': 'Betrag',
  'why-credit': 'Sie kaufen einmal Guthaben, jeder Abruf wird davon bezahlt.',
  'one-request': '1 Abruf',
  'about-requests': 'etwa {0} Abrufe',
  'other-amount': 'Anderer',
  'your-amount': 'Ihr Betrag',
  'amount-between': '{0} bis {1}',
  'amount-from': 'Ab {0}',
  'card-loading': 'Kartenformular wird geladen …',
  pay: '{0} bezahlen',
  'pay-nothing': 'Bezahlen',
  paying: 'Zahlung läuft …',
  authenticating: 'Ihre Bank bittet um Bestätigung. Bitte antworten Sie in deren Fenster.',
  cancel: 'Abbrechen',
  close: 'Schließen',
  'try-again': 'Erneut versuchen',
  terms: 'Bedingungen',
  support: 'Hilfe',
  'handled-by-stripe': 'Karten verarbeitet Stripe; diese Website sieht Ihre Kartennummer nie.',
  paid: 'Bezahlt',
  'loading-content': 'Ihr Inhalt wird geladen …',
  'new-balance': 'Ihr Guthaben beträgt {0}.',
  'unknown-title': 'Wir wissen es noch nicht',
  'unknown-body':
    'Ihre Bank hat noch nicht geantwortet. Bitte zahlen Sie nicht noch einmal: Wir fragen weiter nach und sagen Ihnen hier Bescheid.',
  checking: 'Wird geprüft …',
  'blocked-title': 'Das Kartenformular wurde nicht geladen',
  'blocked-body': 'Etwas hält Stripe zurück: ein Inhaltsblocker oder das Netz. Es wurde nichts abgebucht.',
  'failed-title': 'Die Zahlung hat nicht geklappt',
  unlock: 'Weiter für {0}',
  'unlock-hint': 'Geht an {0}, aus Ihrem Guthaben oder per Karte.',
  'content-failed': 'Das konnte nicht geladen werden.',
  'top-up': 'Aufladen',
  'top-up-balance': 'Guthaben {0}, aufladen',
  'insufficient-funds':
    'Auf dieser Karte ist nicht genug Geld. Nehmen Sie eine andere Karte oder einen kleineren Betrag.',
  expired: 'Diese Karte ist abgelaufen. Prüfen Sie das Datum oder nehmen Sie eine andere Karte.',
  'wrong-cvc': 'Die Prüfnummer stimmt nicht. Prüfen Sie sie und versuchen Sie es erneut.',
  'wrong-number': 'Die Kartennummer stimmt nicht. Prüfen Sie sie und versuchen Sie es erneut.',
  'wrong-postal-code': 'Die Postleitzahl passt nicht zur Karte. Prüfen Sie sie und versuchen Sie es erneut.',
  'card-limit':
    'Das Limit dieser Karte ist erreicht. Nehmen Sie eine andere Karte oder versuchen Sie es später.',
  'processing-error':
    'Die Bank konnte die Karte gerade nicht verarbeiten. Versuchen Sie es gleich noch einmal.',
  'card-unsupported': 'Diese Karte kann hier nicht verwendet werden. Nehmen Sie eine andere.',
  'generic-decline': 'Die Bank hat die Karte abgelehnt. Nehmen Sie eine andere oder fragen Sie Ihre Bank.',
  'authentication-failed':
    'Ihre Bank hat keine Bestätigung erhalten, es wurde nichts abgebucht. Versuchen Sie es erneut oder nehmen Sie eine andere Karte.',
  'amount-refused': 'Dieser Betrag geht hier nicht. Wählen Sie einen anderen.',
  'rate-limited': 'Zu viele Versuche. Warten Sie einen Moment und versuchen Sie es dann erneut.',
  unavailable:
    'Zahlungen sind gerade nicht möglich. Es wurde nichts abgebucht. Versuchen Sie es bald wieder.',
  offline: 'Die Verbindung ist abgebrochen. Ein neuer Versuch bucht nicht doppelt ab.',
  frozen: 'Dieses Konto ist gesperrt. Bitte wenden Sie sich an die Hilfe.',
  'other-problem': 'Etwas ist schiefgegangen, es wurde nichts abgebucht. Bitte versuchen Sie es erneut.',
}

/** The texts in German. */
export default de
