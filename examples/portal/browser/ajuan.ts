import { dayOf, tell } from './message.js'

interface Facts { readonly subject: string; readonly issuer: string; readonly serial: string; readonly notAfter: string }
interface Checked {
  readonly problem?: string
  readonly certificate?: Facts
  readonly same?: boolean | null
  readonly letter?: { readonly kind: string; readonly pages: number; readonly broken: boolean; readonly signers: readonly (Facts & { readonly integrity: string; readonly standing: string })[] }
}

const MIB = 1_048_576
const csrf = document.querySelector<HTMLInputElement>('input[name=csrf]')?.value ?? ''

/** Asks the portal what a file is; the form itself is checked again when it is sent. */
async function check(file: File, kind: string): Promise<Checked> {
  const body = new FormData()
  body.append('csrf', csrf)
  body.append('jenis', kind)
  body.append('dn', document.querySelector<HTMLInputElement>('#dn')?.value ?? '')
  body.append('berkas', file)
  const answer = await fetch('/permohonan/periksa', { method: 'POST', body })
  return answer.ok ? answer.json() as Promise<Checked> : { problem: 'Berkas tidak dapat diperiksa sekarang; akan diperiksa saat dikirim.' }
}

async function sha256(file: File): Promise<string> {
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())), (octet) => octet.toString(16).padStart(2, '0')).join('')
}

const letterWords: Readonly<Record<string, string>> = {
  signed: 'Bertanda tangan elektronik.', claimsElectronicSignature: 'Mengaku ditandatangani elektronik, tetapi tanda tangannya tidak ada: ini hasil cetak. Unggah berkas aslinya.',
  imageOnly: 'Hasil pindai; tanda tangan basah dan cap akan dilihat petugas.', unsigned: 'PDF utuh, tanpa tanda tangan elektronik.',
}

async function checkCertificate(file: File, place: Element | null): Promise<void> {
  const { certificate, problem, same } = await check(file, 'sertifikat')
  if (certificate === undefined) return tell(place, 'buruk', problem ?? 'Tidak terbaca.')
  const late = new Date(certificate.notAfter) < new Date()
  const comparison = same === undefined ? [] : same === null ? ['Subject DN yang Anda tempel tidak dapat dibaca.'] : same ? ['Subject DN sama dengan yang di AMS.'] : ['Subject DN BERBEDA dari yang di AMS: periksa apakah ini sertifikat yang dimaksud.']
  tell(place, late || same === false ? 'buruk' : 'baik', ['Subject DN', certificate.subject], ['Penerbit', certificate.issuer], ['Nomor seri', certificate.serial], ['Berlaku sampai', dayOf(certificate.notAfter)], ...(late ? ['Sertifikat ini sudah kedaluwarsa: tidak perlu dicabut.'] : []), ...comparison)
}

async function checkLetter(file: File, place: Element | null): Promise<void> {
  if (file.size > 20 * MIB) return tell(place, 'buruk', 'Berkas lebih dari 20 MiB.')
  const [{ letter, problem }, digest] = await Promise.all([check(file, 'surat'), sha256(file)])
  if (letter === undefined) return tell(place, 'buruk', problem ?? 'Tidak terbaca.')
  const size = file.size > MIB ? ['Lebih dari 1 MiB, batas unggah AMS. Jangan dikompres atau dicetak ulang: tanda tangannya akan rusak.'] : []
  const tone = letter.broken ? 'buruk' : letter.kind === 'claimsElectronicSignature' || size.length > 0 ? 'awas' : 'baik'
  tell(place, tone, `${letterWords[letter.kind] ?? ''} ${letter.pages} halaman.`, ...(letter.broken ? ['Tanda tangan RUSAK: isi berkas berubah sesudah ditandatangani.'] : []),
    ...letter.signers.map(({ subject }) => ['Penandatangan', subject] as const), ...size, ['Sidik SHA-256', digest])
}

for (const input of document.querySelectorAll<HTMLInputElement>('input[data-periksa]')) {
  const place = document.querySelector(`#lapor-${CSS.escape(input.id)}`)
  const run = (): void => {
    const file = input.files?.[0]
    if (file === undefined) { place?.replaceChildren(); return }
    tell(place, 'info', 'Memeriksa …')
    const checked = input.dataset['periksa'] === 'sertifikat' ? checkCertificate(file, place) : checkLetter(file, place)
    checked.catch(() => tell(place, 'awas', 'Sambungan terputus; berkas akan diperiksa saat dikirim.'))
  }
  input.addEventListener('change', run)
  if (input.dataset['periksa'] === 'sertifikat') document.querySelector('#dn')?.addEventListener('change', run)
}

// Advice by reason, and letters that only some reasons call for.
const reason = document.querySelector<HTMLSelectElement>('select#alasan')
const send = document.querySelector<HTMLButtonElement>('#ajuan button:not([type])')
function advise(): void {
  const place = document.querySelector('#nasihat')
  const advice = Array.from(document.querySelectorAll<HTMLTemplateElement>('template[data-nasihat]')).find(({ dataset }) => dataset['nasihat'] === reason?.value)
  if (advice === undefined) place?.replaceChildren()
  else tell(place, advice.dataset['nada'] === 'buruk' ? 'buruk' : 'awas', advice.content.textContent?.trim() ?? '')
  if (send !== null) send.disabled = advice?.dataset['hanya'] === 'nasihat'
  for (const letter of document.querySelectorAll<HTMLFieldSetElement>('fieldset[data-alasan]')) {
    const wanted = letter.dataset['alasan'] ?? ''
    letter.classList.toggle('sembunyi', wanted !== '' && !wanted.split(' ').includes(reason?.value ?? ''))
  }
}
reason?.addEventListener('change', advise)
if (reason !== null) advise()
