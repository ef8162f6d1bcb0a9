import type { CardText } from './card-text.js'

/** Japanese. */
export const ja: CardText = {
  cardNumber: 'カード番号',
  expirationDate: '有効期限',
  expirationPlaceholder: '月 / 年',
  securityCode: 'セキュリティコード',
  securityCodePlaceholder: 'CVC',
  country: '国',
  zip: '郵便番号',
  postalCode: '郵便番号',
  testMode: 'テストモード',
  connectionError:
    '決済サービスへの接続に問題が発生しています。インターネット接続を確認して、もう一度お試しください。',
  errors: {
    incomplete_number: 'カード番号に未入力の部分があります。',
    invalid_number: 'カード番号が無効です。',
    incomplete_expiry: 'カードの有効期限に未入力の部分があります。',
    invalid_expiry_month: 'カードの有効期限の月が無効です。',
    invalid_expiry_year: 'カードの有効期限の年が無効です。',
    invalid_expiry_month_past: 'カードの有効期限が過ぎています。',
    invalid_expiry_year_past: 'カードの有効期限の年が過ぎています。',
    incomplete_cvc: 'カードのセキュリティコードに未入力の部分があります。',
    incomplete_zip: '郵便番号に未入力の部分があります。',
  },
}
