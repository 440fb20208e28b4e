import { html } from 'hono/html'
import { surveyElements } from '@cabut/sdk/report'
import { hidden, layout, notice, type Piece, type View } from './layout.js'

const questions: readonly string[] = [
  'Bagaimana kesesuaian persyaratan dengan jenis pelayanannya?', 'Bagaimana kemudahan prosedur pelayanan?', 'Bagaimana kecepatan waktu pelayanan?', 'Bagaimana kewajaran biaya/tarif?',
  'Bagaimana kesesuaian hasil dengan yang tercantum dalam standar pelayanan?', 'Bagaimana kemampuan petugas?', 'Bagaimana kesopanan dan keramahan petugas?', 'Bagaimana penanganan pengaduan, saran, dan masukan?',
  'Bagaimana kualitas sarana dan prasarana?',
]
const scale = ['1, tidak baik', '2, kurang baik', '3, baik', '4, sangat baik']

/** The nine questions of the SKM; anonymous, one answer for each closed request. */
export function surveyPage(view: View, ticket: string, state: 'open' | 'done' | 'closed' | 'incomplete'): Piece {
  return layout(view, 'Survei kepuasan masyarakat', state === 'done' ? notice('baik', 'Terima kasih. Jawaban Anda tersimpan tanpa nama dan tanpa waktu.', 'status')
    : state === 'closed' ? notice('info', 'Tautan survei ini tidak berlaku atau sudah dipakai.') : html`
${state === 'incomplete' ? notice('buruk', 'Mohon jawab kesembilan pertanyaan.', 'alert') : ''}
<p>Sembilan pertanyaan (Permenpan RB 14/2017). <b>Anonim:</b> jawaban tidak dikaitkan dengan permohonan atau nama Anda.</p>
<form method="post" action="/survei/${ticket}">${hidden(view)}${questions.map((question, at) => html`<fieldset class="skala"><legend>${at + 1}. ${question} <small>${surveyElements[at]?.id ?? ''}</small></legend><div>${scale.map((words, score) => html`<label><input type="radio" name="u${at + 1}" value="${score + 1}" required>${words}</label>`)}</div></fieldset>`)}<button>Kirim jawaban</button></form>`)
}
