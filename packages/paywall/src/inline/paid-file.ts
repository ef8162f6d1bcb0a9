import { say } from '../localization/say.js'

/** A file of a paid response: its name, which opens what a browser shows without running any of it, and its download. */
export function fileOf(response: Response, body: Blob, made: string[]): HTMLElement {
  const name = nameOf(response, body.type)
  const title = body.type === 'application/pdf' ? linkTo(body, name, made) : document.createElement('bdi')
  title.textContent = name
  // Of no type that a browser shows: what a seller sends must not become a document of this page's origin.
  const download = linkTo(body.slice(0, body.size, 'application/octet-stream'), say('download'), made)
  download.download = name
  const place = document.createElement('p')
  place.append(title, ' ', download)
  return place
}

function linkTo(body: Blob, text: string, made: string[]): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(body)
  made.push(link.href)
  link.target = '_blank'
  link.textContent = text
  return link
}

/** The name that the seller gives, else the end of the address; with an ending. */
function nameOf({ headers, url }: Response, type: string): string {
  const disposition = headers.get('content-disposition') ?? ''
  const [, encoded] = /filename\*=utf-8'[^']*'([^;\s]+)/i.exec(disposition) ?? []
  const [, plain] = /filename="?([^";]+)/i.exec(disposition) ?? []
  const { pathname, host } = new URL(url)
  const name = decoded(encoded) || plain || decoded(pathname.split('/').pop()) || host
  const [, ending] = /\/([a-z\d]+)$/.exec(type) ?? []
  return ending && !/\.\w+$/.test(name) ? `${name}.${ending}` : name
}

function decoded(text = ''): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
