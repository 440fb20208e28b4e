import { html } from 'hono/html'
import type { AssistedTask } from '@cabut/sdk'
import type { RequestJson } from '../back.js'
import { commandForm, offered } from './commands.js'
import { badge, layout, notice, type Piece, type View } from './layout.js'

/** What an officer does in the AMS page by hand: exact values with copy buttons, then what AMS showed. */
export function amsPage(view: View, request: RequestJson, task: AssistedTask | undefined): Piece {
  const mine = offered(view, request)
  return layout(view, `AMS: ${request.register ?? request.id}`, html`
<p><a href="/permohonan/${request.id}">Kembali ke permohonan</a> ${badge(request.status, request.statusLabel)}</p>
${notice('info', html`<p>Anda bekerja di halaman AMS dengan akun sendiri. Portal ini tidak meminta, menyimpan, atau memakai kata sandi AMS; hasilnya dibuktikan dari CRL dan OCSP.</p>`)}
${task === undefined ? notice('awas', 'Data untuk AMS belum lengkap: penerbit, nomor seri, atau nama pengguna tidak diketahui.') : html`<section><h2>${task.title.id}</h2><ol class="langkah">${task.steps.map(({ id, copy }) => html`<li>${copy !== undefined && id.endsWith(`: ${copy}`) ? id.slice(0, -copy.length) : id}${copy === undefined ? '' : html`<div class="salin"><code>${copy}</code><button type="button" class="kecil sunyi" data-salin="${copy}" aria-label="Salin: ${copy}">Salin</button></div>`}</li>`)}</ol></section>`}
${view.office.sandbox === undefined ? '' : html`<p><a href="/rekaan/ams">Buka AMS tiruan</a> <small>(hanya di portal percobaan)</small></p>`}
${(['recordAmsAnswer', 'resume'] as const).filter((name) => mine.includes(name)).map((name) => html`<section class="kartu"><h2>${name === 'resume' ? 'Hasil pemeriksaan di AMS' : 'Sudah dikirim di AMS?'}</h2>${commandForm(view, request, name)}</section>`)}
${mine.includes('recordAmsAnswer') || mine.includes('resume') ? '' : notice('info', 'Tidak ada yang perlu dicatat dari AMS saat ini.')}`, ['salin'])
}
