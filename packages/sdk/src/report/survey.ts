import type { Text } from '../standard/service-standard.js'

/**
 * The nine elements of the public satisfaction survey (SKM, Permenpan RB 14/2017), in order.
 *
 * @example
 * ```ts
 * surveyElements[7] // { id: 'Penanganan pengaduan, saran, dan masukan', en: 'Complaints' }
 * ```
 */
export const surveyElements: readonly Text[] = [
  { id: 'Persyaratan', en: 'Requirements' },
  { id: 'Sistem, mekanisme, dan prosedur', en: 'Procedure' },
  { id: 'Waktu penyelesaian', en: 'Time' },
  { id: 'Biaya/tarif', en: 'Fee' },
  { id: 'Produk spesifikasi jenis pelayanan', en: 'Product' },
  { id: 'Kompetensi pelaksana', en: 'Competence' },
  { id: 'Perilaku pelaksana', en: 'Conduct' },
  { id: 'Penanganan pengaduan, saran, dan masukan', en: 'Complaints' },
  { id: 'Sarana dan prasarana', en: 'Facilities' },
]

/** One person's answers: nine whole numbers from 1 (worst) to 4 (best), in the order of {@link surveyElements}. */
export type SurveyAnswer = readonly [number, number, number, number, number, number, number, number, number]

/** An answer and when it was given, ISO 8601 UTC: enough to count it in its period, too little to tell whose it is. */
export interface DatedSurveyAnswer {
  readonly at: string
  readonly scores: SurveyAnswer
}

/** The survey of a period. Without answers there is no index: "belum ada data". */
export interface SurveyResult {
  readonly answers: number
  /** Mean of each element, 1..4; empty without answers. */
  readonly means: readonly number[]
  /** 25..100, two decimals. */
  readonly index?: number
  readonly band?: 'A' | 'B' | 'C' | 'D'
  readonly label: Text
}

const bands: readonly (readonly [number, 'A' | 'B' | 'C' | 'D', Text])[] = [
  [88.31, 'A', { id: 'Sangat baik', en: 'Very good' }],
  [76.61, 'B', { id: 'Baik', en: 'Good' }],
  [65, 'C', { id: 'Kurang baik', en: 'Less than good' }],
  [0, 'D', { id: 'Tidak baik', en: 'Not good' }],
]

/**
 * SKM index: mean of the nine element means x 25, each element weighing exactly 1/9 (the often printed 0.11 loses one per cent of the
 * index). Rounded to two decimals once, at the end; the band is that of the rounded index.
 *
 * @throws TypeError for an answer that is not nine whole numbers from 1 to 4
 * @example
 * ```ts
 * surveyIndex([[4, 4, 3, 4, 4, 4, 4, 3, 4], [3, 4, 3, 4, 3, 4, 4, 3, 3]]).index // 90.28
 * surveyIndex([]).label.en // 'no data yet'
 * surveyIndex([[5, 4, 3, 4, 4, 4, 4, 3, 4]]) // throws TypeError
 * ```
 */
export function surveyIndex(answers: readonly SurveyAnswer[]): SurveyResult {
  const sums = surveyElements.map(() => 0)
  for (const answer of answers) {
    if (answer.length !== 9 || answer.some((score) => !Number.isInteger(score) || score < 1 || score > 4))
      throw new TypeError('a survey answer is nine whole numbers from 1 to 4')
    for (const [element, score] of answer.entries()) sums[element] = (sums[element] as number) + score
  }
  if (answers.length === 0) return { answers: 0, means: [], label: { id: 'belum ada data', en: 'no data yet' } }
  const total = sums.reduce((sum, one) => sum + one, 0)
  // One division of whole numbers: (total / n / 9) * 25, in hundredths, rounded half up.
  const index = Math.floor((total * 2_500 * 2 + 9 * answers.length) / (2 * 9 * answers.length)) / 100
  const [, band, label] = bands.find(([from]) => index >= from) as (typeof bands)[number]
  return { answers: answers.length, means: sums.map((sum) => sum / answers.length), index, band, label }
}
