import type { Command } from '../command.js'
import { refuseBlank } from '../refuse-blank.js'

/** `stripe402 sweep` */
export const sweepCommand: Command = {
  name: 'sweep',
  synopsis: '',
  summary: 'Finish purchases whose process is gone, and return holds that ran out.',
  options: {},
  arguments: 0,
  async run({ stripe402, terminal, isJson }) {
    await refuseBlank(stripe402)
    const report = await stripe402.sweep({
      onProgress: (purchases) => terminal.progress(`sweep: ${purchases} purchases`),
    })
    const { purchasesFinished, purchasesStillOpen, purchasesUnknown, holdsReleased } = report
    if (isJson) terminal.say(JSON.stringify(report))
    else
      terminal.say(
        `${purchasesFinished} purchases finished, ${purchasesStillOpen} still open, ${holdsReleased} holds released`,
      )
    if (purchasesUnknown === 0) return 0
    if (!isJson)
      terminal.say(
        `Of ${purchasesUnknown} nobody can say what became of them: Stripe or the store did not answer. Run it again.`,
      )
    return 1
  },
}
