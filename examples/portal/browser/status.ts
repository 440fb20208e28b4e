import '@cabut/spbe-elements'
import type { StatusDetail } from '@cabut/spbe-elements'

// What may be done depends on the status: when it changes, the page is drawn anew. Not under somebody's hands, and not while they are on their way
// elsewhere: a page that loads itself then would take the place of what they sent.
const element = document.querySelector('cabut-status')
const page = `/permohonan/${encodeURIComponent(element?.getAttribute('request') ?? '')}`
let drawn: number | undefined
let touched = false
let leaving = 0

for (const kind of ['input', 'change']) document.querySelector('main')?.addEventListener(kind, () => { touched = true })
// A download leaves nothing: after a while the page is there to stay.
for (const kind of ['submit', 'beforeunload']) addEventListener(kind, () => { leaving = performance.now() + 10_000 })

function redraw(): void {
  if (touched) return
  if (performance.now() < leaving) { setTimeout(redraw, 1_000); return }
  // After a refused form the address is that of the form, which has no page.
  location.replace(location.pathname === page ? `${page}${location.search}` : page)
}

addEventListener('cabut-status', (event) => {
  const { version, label } = (event as CustomEvent<StatusDetail>).detail
  drawn ??= version
  if (version === drawn) return
  if (!touched) { redraw(); return }
  let note = document.querySelector('#berubah')
  if (note === null) {
    note = document.createElement('p')
    note.id = 'berubah'
    note.className = 'kotak'
    note.setAttribute('role', 'status')
    element?.after(note)
  }
  note.textContent = `Status sekarang: ${label}. Muat ulang halaman untuk tindakan berikutnya; yang sudah Anda isi akan hilang.`
})
