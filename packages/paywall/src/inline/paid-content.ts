import { fileOf } from './paid-file.js'

/**
 * The body of a paid response as a node: text, images, sound and films as such, anything else as a file.
 *
 * HTML is shown as HTML only when it comes from the page's own origin: that server writes the page itself, so it is
 * trusted as much as the page is. Its scripts do not run (DOMParser never runs any), its event-handler attributes are a
 * matter of the page's Content Security Policy. JSON, XML and any other text are shown as text.
 *
 * @param speak speaks the language that a file is offered in
 * @param made is given each object URL that is made: good until it is revoked
 * @throws TypeError when the body breaks off
 */
export async function contentOf(response: Response, speak: () => void, made: string[]): Promise<Node> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  // Of the type that is looked at here, whatever else its header may be read as.
  const body = (await response.blob()).slice(0, undefined, type)
  const file = (): HTMLElement => {
    speak()
    return fileOf(response, body, made)
  }
  const [, kind] = /^(image|audio|video)\//.exec(type) ?? []
  if (kind) return mediaOf(kind === 'image' ? 'img' : kind === 'audio' ? kind : 'video', body, { file, made })
  if (type === 'text/html')
    return new URL(response.url).origin === location.origin ? fragmentOf(await body.text()) : file()
  return /^text\/|[/+](json|xml)$/.test(type) ? textOf(await body.text()) : file()
}

function fragmentOf(html: string): DocumentFragment {
  const { body } = new DOMParser().parseFromString(trusted(html), 'text/html')
  const fragment = document.createDocumentFragment()
  fragment.append(...body.childNodes)
  return fragment
}

/** Where the page enforces Trusted Types, it has to allow the policy `stripe402`. */
function trusted(html: string): string {
  policy ??= Reflect.get(globalThis, 'trustedTypes')?.createPolicy('stripe402', {
    createHTML: (text: string) => text,
  })
  return policy?.createHTML(html) ?? html
}
let policy: { createHTML(html: string): string } | undefined

/** A file where the page's Content Security Policy, or the browser, does not show it. */
function mediaOf(
  tag: 'img' | 'audio' | 'video',
  body: Blob,
  { file, made }: { file: () => Node; made: string[] },
): HTMLElement {
  const element = document.createElement(tag)
  const url = URL.createObjectURL(body)
  made.push(url)
  if (element instanceof HTMLImageElement) {
    element.alt = ''
    element.onload = () => URL.revokeObjectURL(url)
  } else element.controls = true
  element.onerror = () => {
    URL.revokeObjectURL(url)
    element.replaceWith(file())
  }
  element.src = url
  return element
}

function textOf(text: string): HTMLElement {
  const element = document.createElement('pre')
  element.textContent = text
  return element
}
