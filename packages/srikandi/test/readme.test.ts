import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as srikandi from '@cabut/srikandi'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? ''

describe('README', () => {
  it('shows a row that is read as printed', () => {
    const letter = srikandi.readRow(JSON.parse(block('json')), { offices: [{ code: 'DINDIK', name: 'Dinas Pendidikan', numberCodes: ['DINDIK'] }] })
    expect(letter).toMatchObject({ tanggal: '2026-11-20', warnings: [], disposisi: [{ status: 'belumDibaca' }] })
    expect(srikandi.readDetails(letter.unknown)).toEqual([
      { at: 'permohonan.pemegang[0]', certificate: { issuerDn: 'CN=BSRE CA DS G1,O=BSSN,C=ID', serial: '1f2e3d' }, reason: 'mutasi', holder: { name: 'Laras Kinanti' } },
    ])
  })

  it('names only what the package offers', () => {
    const imported = /import \{ ([^}]+) \} from '@cabut\/srikandi'/.exec(block('ts'))?.[1]?.split(', ') ?? []
    expect(imported).toEqual(['createFolderTransport', 'createLetterDesk'])
    for (const name of [...imported, 'createSplpTransport', 'assumedSplpProfile', 'findWaiting', 'writeAnswerPdf', 'writeCsv']) {
      expect(readme).toContain(name)
      expect(srikandi).toHaveProperty(name)
    }
  })
})
