import { Stripe402Error } from '@stripe402/core'

/** A setting that is missing or weak. Thrown at start-up, never while serving; names the setting and the mend. */
export class ConfigurationError extends Stripe402Error<'invalid_configuration'> {
  /** The option or environment variable that has to change. */
  readonly setting: string

  constructor(setting: string, message: string) {
    super('invalid_configuration', `${setting}: ${message}`)
    this.setting = setting
  }
}
