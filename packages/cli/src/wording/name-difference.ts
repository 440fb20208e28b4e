import { attributeName, type DifferenceHint, type NameDifference } from '@cabut/pki/name'
import type { Text } from '../language.js'

const kinds: Readonly<Record<NameDifference['kind'], Text>> = {
  missing: { id: 'hanya di DN pertama', en: 'only in the first DN' },
  extra: { id: 'hanya di DN pembanding', en: 'only in the other DN' },
  differs: { id: 'berbeda', en: 'differs' },
  order: { id: 'urutan berbeda', en: 'in another order' },
  grouping: { id: 'pengelompokan berbeda', en: 'grouped otherwise' },
  equivalent: { id: 'ditulis lain, tetapi sama', en: 'written otherwise, but equal' },
}

const hints: Readonly<Record<DifferenceHint, Text>> = {
  case: { id: 'huruf besar dan kecil', en: 'upper and lower case' },
  whitespace: { id: 'spasi', en: 'spaces' },
  homoglyph: { id: 'tampak sama, tetapi hurufnya lain', en: 'looks alike, but other characters' },
  bidi: { id: 'memuat karakter pembalik arah tulisan', en: 'holds bidirectional characters' },
  invisible: { id: 'memuat karakter tak terlihat', en: 'holds invisible characters' },
  control: { id: 'memuat karakter kendali', en: 'holds control characters' },
  diacritics: { id: 'tanda diakritik', en: 'accents' },
  punctuation: { id: 'tanda baca', en: 'punctuation' },
  spacing: { id: 'pemisahan kata', en: 'where words are parted' },
  wordOrder: { id: 'urutan kata', en: 'order of the words' },
  prefix: { id: 'yang satu terpotong', en: 'one is cut short' },
  otherType: { id: 'nilainya ada di atribut lain', en: 'the value stands under another attribute' },
  reversed: { id: 'urutannya terbalik', en: 'the order is reversed' },
  compatibility: { id: 'karakter lain yang dianggap sama (RFC 4518)', en: 'other characters that count as equal (RFC 4518)' },
}

/** One difference between two names on one line: `CN berbeda: Ratna Pertiwi | Ratna Pertivi`. */
export function differenceWords({ kind, type, left, right, hints: found }: NameDifference): Text {
  const line = (language: keyof Text): string =>
    `${attributeName(type) ?? type} ${kinds[kind][language]}: ${left ?? '-'} | ${right ?? '-'}${found.length === 0 ? '' : ` (${found.map((hint) => hints[hint][language]).join(', ')})`}`
  return { id: line('id'), en: line('en') }
}
