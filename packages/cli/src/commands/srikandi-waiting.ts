import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { findWaiting, readExport, type LetterZone } from '@cabut/srikandi'
import { exitCodes } from '../exit-codes.js'
import { InputError, readInput, readInstant } from '../input.js'
import type { CommandSpec } from '../program.js'

const zones = ['WIB', 'WITA', 'WIT'] as const

/** `cabut srikandi waiting EXPORT --name NAME`: letters that wait for a signer whose certificate is to be, or was, revoked. */
export const srikandiWaiting: CommandSpec = {
  usage: 'srikandi waiting <export>',
  summary: { id: 'daftar naskah yang menunggu penanda tangan, dari ekspor Srikandi (JSON, CSV)', en: 'list the letters that wait for a signer, from an export of Srikandi (JSON, CSV)' },
  options: [
    { flags: '--name <name>', text: { id: 'nama penanda tangan seperti di Srikandi', en: 'name of the signer as in Srikandi' }, required: true },
    { flags: '--position <title>', text: { id: 'jabatannya', en: "the signer's office title" } },
    { flags: '--exported <time>', text: { id: 'waktu ekspor (bawaan: waktu berkas)', en: "when it was exported (default: the file's time)" } },
    { flags: '--zone <zone>', text: { id: 'zona waktu: WIB, WITA, WIT (bawaan WIB)', en: 'time zone: WIB, WITA, WIT (default WIB)' } },
  ],
  async run(console, [path = ''], options) {
    const zone = zones.find((one) => one === (options['zone'] ?? 'WIB'))
    if (zone === undefined) throw new InputError({ id: `zona tidak dikenal; pilih ${zones.join(', ')}`, en: `unknown zone; choose ${zones.join(', ')}` })
    const { rows } = readExport(await readInput(path), basename(path))
    const at = typeof options['exported'] === 'string' ? readInstant(options['exported']) : (await stat(path)).mtime
    const report = findWaiting({ at, rows, zone: zone satisfies LetterZone }, { nama: String(options['name']), ...(typeof options['position'] === 'string' ? { jabatan: options['position'] } : {}) })
    console.document(report)
    console.line(console.say(report.notice))
    if (report.letters.length === 0) console.line(console.say({ id: 'Tidak ada naskah yang menunggu di ekspor ini.', en: 'No letter waits in this export.' }))
    for (const { at: place, nomor, hal, advice } of report.letters) {
      console.line(`  ${nomor ?? place}  ${hal}`)
      console.line(`    ${console.say(advice)}`)
    }
    if (report.unread.length > 0) console.line(`${console.say({ id: 'Tidak terbaca, lihat sendiri', en: 'Not understood, look yourself' })}: ${report.unread.join(', ')}`)
    return report.letters.length + report.unread.length > 0 ? exitCodes.attention : exitCodes.good
  },
}
