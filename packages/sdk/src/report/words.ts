import type { Zone } from '../calendar/service-hours.js'
import { zoneOffset } from '../calendar/zone.js'

/** Wording of numbers shared by the pages of a report, in Indonesian. */
const months = ['Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus', 'September', 'Oktober', 'November', 'Desember']

/** `2026-04-01` as `1 April 2026`. */
export function dateWords(text: string): string {
  return `${Number(text.slice(8, 10))} ${months[Number(text.slice(5, 7)) - 1] ?? ''} ${text.slice(0, 4)}`
}

/** Minutes as people say them. */
export function minuteWords(value: number | null): string {
  if (value === null) return 'belum ada data'
  const whole = Math.round(value)
  return whole < 120 ? `${whole} menit` : `${decimalWords(Math.floor(whole / 60))} jam ${whole % 60} menit`
}

/** At most two decimals, after a comma; thousands apart by a point. */
export function decimalWords(value: number): string {
  const [whole = '', rest] = String(Math.round(value * 100) / 100).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, '.') + (rest === undefined ? '' : `,${rest}`)
}

/** `2026-04` as `April 2026`. */
export function monthWords(text: string): string {
  return `${months[Number(text.slice(5, 7)) - 1] ?? ''} ${text.slice(0, 4)}`
}

/** An instant as people of the zone say it: `14 Juli 2026 pukul 14.00 WIB`. */
export function instantWords(time: string, zone: Zone): string {
  const local = new Date(Date.parse(time) + zoneOffset[zone]).toISOString()
  return `${dateWords(local)} pukul ${local.slice(11, 16).replace(':', '.')} ${zone}`
}

/** A share in per cent. */
export function shareWords(part: number, whole: number): string {
  return whole === 0 ? 'belum ada data' : `${decimalWords((part / whole) * 100)} %`
}

/** Whose time it was, in words. */
export const waitingWords: Readonly<Record<'applicant' | 'dinkominfo' | 'bsre' | 'ams' | 'publication', string>> = {
  applicant: 'Pemohon/OPD',
  dinkominfo: 'Dinkominfo',
  bsre: 'BSrE',
  ams: 'Gangguan AMS',
  publication: 'Penerbitan CRL/OCSP',
}

/** Text safe in XML and HTML; characters XML 1.0 does not allow are left out. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
