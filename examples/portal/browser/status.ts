import '@cabut/spbe-elements'
import type { StatusDetail } from '@cabut/spbe-elements'

// What may be done depends on the status: when it changes, the page is drawn anew. Not under somebody's hands, not under their eyes while they read why
// something was refused, and not while they are on their way elsewhere: a page that loads itself then would take the place of what they sent.
const element = document.querySelector<HTMLElement>('cabut-status')
const page = `/permohonan/${encodeURIComponent(element?.getAttribute('request') ?? '')}`
// The version the forms of this page were drawn for: the request may have gone on before the component looked for the first time.
const drawn = Number(element?.dataset['version'])
let touched = document.querySelector('main [role=alert]') !== null
let redrawing = false
let leaving = 0
let said = ''

for (const kind of ['input', 'change']) {
  document.querySelector('main')?.addEventListener(kind, () => {
    touched = true
    if (!redrawing) return
    // The new page is on its way and has not come: what is being filled in stays.
    redrawing = false
    stop()
    note()
  })
}
// A download leaves nothing: after a while the page is there to stay. What was sent may take longer to be answered.
for (const [kind, milliseconds] of [['submit', 120_000], ['beforeunload', 10_000]] as const) {
  addEventListener(kind, (event) => { if (!event.defaultPrevented) leaving = Math.max(leaving, performance.now() + milliseconds) })
}

function redraw(): void {
  if (touched) { note(); return }
  if (redrawing) return
  if (performance.now() < leaving) { setTimeout(redraw, 1_000); return }
  redrawing = true
  // After a refused form the address is that of the form, which has no page.
  location.replace(location.pathname === page ? `${page}${location.search}` : page)
}

function note(): void {
  let box = document.querySelector('#berubah')
  if (box === null) {
    box = document.createElement('p')
    box.id = 'berubah'
    box.className = 'kotak'
    box.setAttribute('role', 'status')
    element?.after(box)
  }
  box.textContent = `Status sekarang: ${said}. Muat ulang halaman untuk tindakan berikutnya; yang sudah Anda isi akan hilang.`
}

addEventListener('cabut-status', (event) => {
  const { version, label } = (event as CustomEvent<StatusDetail>).detail
  if (version === drawn) return
  said = label
  redraw()
})
