import type { CardText } from './card-text.js'

/** Arabic, read from right to left. */
export const ar: CardText = {
  cardNumber: 'رقم البطاقة',
  expirationDate: 'تاريخ انتهاء الصلاحية',
  expirationPlaceholder: 'MM / YY',
  securityCode: 'رمز الأمان',
  securityCodePlaceholder: 'CVC',
  country: 'البلد',
  zip: 'الرمز البريدي',
  postalCode: 'الرمز البريدي',
  testMode: 'وضع الاختبار',
  connectionError:
    'نواجه مشكلة في الاتصال بمزوّد خدمة الدفع. يُرجى التحقق من اتصالك بالإنترنت والمحاولة مرة أخرى.',
  errors: {
    incomplete_number: 'رقم بطاقتك غير مكتمل.',
    invalid_number: 'رقم بطاقتك غير صالح.',
    incomplete_expiry: 'تاريخ انتهاء صلاحية بطاقتك غير مكتمل.',
    invalid_expiry_month: 'شهر انتهاء صلاحية بطاقتك غير صالح.',
    invalid_expiry_year: 'سنة انتهاء صلاحية بطاقتك غير صالحة.',
    invalid_expiry_month_past: 'تاريخ انتهاء صلاحية بطاقتك قد مضى.',
    invalid_expiry_year_past: 'سنة انتهاء صلاحية بطاقتك قد مضت.',
    incomplete_cvc: 'رمز الأمان لبطاقتك غير مكتمل.',
    incomplete_zip: 'الرمز البريدي غير مكتمل.',
  },
}
