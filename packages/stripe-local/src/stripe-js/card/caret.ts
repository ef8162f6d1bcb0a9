/**
 * Where the caret belongs after a value was reformatted: behind as many digits or letters as stood before it,
 * and behind the separator that follows them when the caret was at the end of what was typed.
 */
export function caretAfterFormatting(before: string, caret: number, after: string): number {
  if (caret >= before.length) return after.length
  const wanted = countSigns(before.slice(0, caret))
  let seen = 0
  for (let index = 0; index < after.length; index += 1) {
    if (seen === wanted) return index
    if (isSign(after[index])) seen += 1
  }
  return after.length
}

function countSigns(text: string): number {
  return [...text].filter(isSign).length
}

function isSign(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character)
}
