// The one table of what the site shows: guide pages written in both languages (docs/id, docs/en), and documents kept in one language, or both in one text.

/** Guide pages by group: slug, Indonesian title, English title. Each slug is a file in docs/id and in docs/en. */
export const groups = [
  { id: 'Mulai', en: 'Start', pages: [
    ['start', 'Mulai dalam lima menit', 'Start in five minutes'],
    ['limitations', 'Batasan', 'Limitations'],
    ['glossary', 'Glosarium', 'Glossary'],
  ] },
  { id: 'Panduan menurut tugas', en: 'Guides by task', pages: [
    ['guide/portal', 'Pengembang portal SPBE', 'Portal developer'],
    ['guide/srikandi', 'Integrator Srikandi', 'Srikandi integrator'],
    ['guide/officer', 'Petugas di baris perintah', 'Officer at the command line'],
    ['guide/certificate', 'Memeriksa sertifikat', 'Checking a certificate'],
    ['guide/region', 'Menambah wilayah', 'Adding a region'],
    ['guide/ams', 'AMS sungguhan dan gerbang SPLP', 'A real AMS, an SPLP gateway'],
    ['guide/postgresql', 'PostgreSQL dan banyak pekerja', 'PostgreSQL, many workers'],
  ] },
  { id: 'Konsep', en: 'Concepts', pages: [
    ['concept/proof', 'Arti bukti', 'What proof means'],
    ['concept/clock', 'Jam layanan', 'The clock'],
    ['concept/four-eyes', 'Pemeriksaan oleh dua orang', 'Four eyes'],
    ['concept/receipt', 'Bukti pencabutan', 'Receipts'],
  ] },
  { id: 'Auditor dan pejabat PDP', en: 'Auditor, data protection', pages: [
    ['audit', 'Untuk auditor', 'For the auditor'],
    ['privacy/processing', 'Catatan pemrosesan', 'Register of processing'],
    ['privacy/impact', 'Penilaian dampak (rancangan)', 'Impact assessment (draft)'],
    ['privacy/breach', 'Pemberitahuan 3x24 jam', 'Breach notice, 3x24 hours'],
    ['threats', 'Model ancaman', 'Threat model'],
  ] },
  { id: 'Ukuran dan skala', en: 'Measures and scale', pages: [
    ['benchmarks', 'Pengukuran', 'Benchmarks'],
    ['scale', 'Dari satu kantor ke seluruh Indonesia', 'From one office to all of Indonesia'],
  ] },
]

/** Slugs whose tables are written at build time into the place of `<!-- generated: NAME -->`. */
export const contracts = [
  ['docs/openapi/ams.yaml', 'contract/ams', 'Kontrak AMS (ANDAIAN)', 'AMS contract (ASSUMED)'],
  ['docs/openapi/esign.yaml', 'contract/esign', 'e-Sign Client Service', 'e-Sign Client Service'],
  ['docs/openapi/spbe.yaml', 'contract/spbe', 'HTTP API portal', 'Portal HTTP API'],
]

/** Documents in one text: repository path, slug, Indonesian title, English title. The same text is shown in both languages. */
export const documents = [
  { id: 'Keputusan dan pembacaan', en: 'Decisions and readings', pages: [
    ['docs/divergences.md', 'project/divergences', 'Pembacaan standar', 'Divergences'],
    ['docs/pki-readings.md', 'project/pki-readings', 'Pembacaan RFC', 'Readings of the RFCs'],
    ['docs/decisions', 'project/decisions/index', 'Keputusan', 'Decisions'],
    ['docs/standards/README.md', 'standards/index', 'Standar sebagai data', 'Standards as data'],
    ['docs/standards/kota-pekalongan.md', 'standards/kota-pekalongan', 'Kota Pekalongan', 'Kota Pekalongan'],
    ['docs/standards/kabupaten-purbalingga.md', 'standards/kabupaten-purbalingga', 'Kabupaten Purbalingga', 'Kabupaten Purbalingga'],
    ['docs/standards/findings.md', 'standards/findings', 'Temuan linter', 'Findings of the linter'],
  ] },
  { id: 'Rujukan', en: 'Reference', pages: [
    ['docs/workflow.md', 'project/workflow', 'Alur permohonan', 'Workflow'],
    ['docs/workflow-outcomes.md', 'project/workflow-outcomes', 'Putusan alur', 'Workflow outcomes'],
    ['docs/errors.md', 'project/errors', 'Kode kesalahan', 'Error codes'],
    ['docs/operations.md', 'project/operations', 'Menjalankan layanan', 'Running the service'],
    ['docs/webhooks.md', 'project/webhooks', 'Webhook', 'Webhooks'],
    ['packages/spbe/ACCESS.md', 'project/access', 'Siapa melihat apa', 'Who sees what'],
    ['ARCHITECTURE.md', 'project/architecture', 'Arsitektur', 'Architecture'],
    ['CONTRIBUTING.md', 'project/contributing', 'Berkontribusi', 'Contributing'],
    ['docs/dependencies.md', 'project/dependencies', 'Ketergantungan', 'Dependencies'],
    ['CHANGELOG.md', 'project/changelog', 'Perubahan', 'Changes'],
    ['SECURITY.md', 'project/security', 'Keamanan', 'Security'],
  ] },
  { id: 'Paket', en: 'Packages', pages: [
    ['packages/pki/README.md', 'package/pki', '@cabut/pki', '@cabut/pki'],
    ['packages/sdk/README.md', 'package/sdk', '@cabut/sdk', '@cabut/sdk'],
    ['packages/cli/README.md', 'package/cli', 'cabut', 'cabut'],
    ['packages/postgres/README.md', 'package/postgres', '@cabut/postgres', '@cabut/postgres'],
    ['packages/spbe/README.md', 'package/spbe', '@cabut/spbe', '@cabut/spbe'],
    ['packages/spbe-elements/README.md', 'package/spbe-elements', '@cabut/spbe-elements', '@cabut/spbe-elements'],
    ['packages/srikandi/README.md', 'package/srikandi', '@cabut/srikandi', '@cabut/srikandi'],
    ['packages/sandbox/README.md', 'package/sandbox', '@cabut/sandbox', '@cabut/sandbox'],
    ['examples/portal/README.md', 'package/portal', 'Portal rujukan', 'Reference portal'],
  ] },
]
