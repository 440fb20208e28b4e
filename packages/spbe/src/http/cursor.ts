import { CabutError } from '@cabut/sdk'

/** An opaque cursor: the id after which the next page starts. Opaque, so that stores may page otherwise one day. */
export function writeCursor(after: string): string {
  const bytes = new TextEncoder().encode(`1:${after}`)
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** @throws CabutError `spbeCursorInvalid` */
export function readCursor(cursor: string): string {
  let text: string | undefined
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(cursor.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0)))
  } catch {
    text = undefined
  }
  if (text === undefined || !/^1:[^\p{Cc}]{1,200}$/u.test(text)) throw new CabutError('spbeCursorInvalid', { at: 'cursor' })
  return text.slice(2)
}
