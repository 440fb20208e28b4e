import { CabutError } from '@cabut/sdk'

/** Names Windows gives to devices; a share may be served from there. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * A bare file name that stays in its folder: no separator, no drive, no leading or trailing dot or blank, no control or invisible
 * character, at most 200 octets of UTF-8.
 */
export function isSafeName(name: string): boolean {
  return name.length > 0 && new TextEncoder().encode(name).length <= 200 && !/[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/u.test(name) && !/^[. ]|[. ]$/.test(name) && !device.test(name)
}

/** @throws {@link CabutError} `letterNameUnsafe`; the name itself is not repeated */
export function checkName(name: string, at: string): string {
  if (!isSafeName(name)) throw new CabutError('letterNameUnsafe', { at })
  return name
}

/** Keys name folders of their own: a narrow alphabet. @throws TypeError for misuse */
export function checkKey(key: string): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(key) || key.endsWith('.') || device.test(key)) throw new TypeError('key: 1-100 of A-Z a-z 0-9 . _ - expected')
  return key
}

/** The name without its last extension. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(0, dot) : name
}
