/** A story that is told line by line, to show that an answer which was paid for still streams. */
export const STORY: readonly string[] = [
  'The request left the tab at a run.',
  'At the gate a header was asked of it, and it had one.',
  'One cent was set aside, not yet taken.',
  'The handler cleared its throat and began to speak.',
  'With the first word, and not before, the price was paid.',
  'Each line crossed the wire as soon as it was thought of.',
  'Nobody kept it in a buffer to look at it first.',
  'And that was the end. It cost one cent.',
]
