import type { ServiceStandard } from '../../src/standard/index.js'

/** One datum of a standard: the clause it comes from, where it stands in the data, and what must stand there, written down a second time by hand. */
export interface ClauseRow {
  readonly clause: string
  readonly path: string
  readonly expected: unknown
}

const weekday = (open: string, close: string): object => ({ open, close, breaks: [{ from: '12:00', to: '13:00' }] })

/** The two published standards, clause by clause, in the order of their components. */
export const clauseRows: Readonly<Record<string, readonly ClauseRow[]>> = {
  'kota-pekalongan': [
    { clause: '-', path: 'decree', expected: { says: 'silent' } },
    { clause: '-', path: 'valid', expected: { says: 'silent' } },
    { clause: '2', path: 'parties', expected: ['applicant', 'holder', 'opdOrigin', 'opdDestination', 'dinkominfo', 'bsre'] },
    {
      clause: '2',
      path: 'roles',
      expected: ['holder', 'verifier', 'supervisor', 'complaintOfficer', 'onCallOfficer', 'head', 'personnelOffice', 'bsre', 'system'],
    },
    {
      clause: '2',
      path: 'steps',
      expected: [
        '2.1 holder',
        '2.2 holder',
        '2.3 holder file',
        '2.4 holder attach',
        '2.4 holder submit',
        '2.5 verifier verify, else return to write-reason',
        '2.5 verifier approve, else reject',
        '2.5 verifier execute',
        '2.6 bsre',
        '2.7 bsre recordAmsAnswer, else return to write-reason',
        '2.8 bsre',
        '2.9 holder notify',
        '- system prove',
        '- system close',
      ],
    },
    { clause: '2', path: 'disposition', expected: false },
    { clause: '2.3', path: 'filing.by', expected: 'owner' },
    { clause: '2.3', path: 'filing.role', expected: 'holder' },
    {
      clause: '2',
      path: 'filing.onBehalf',
      expected: [
        'personnelOffice deceased: deathCertificate',
        'verifier deceased: deathCertificate',
        'verifier unreachable: institutionDecision',
      ],
    },
    { clause: '2', path: 'filing.batch', expected: { offered: false } },
    { clause: '2.3', path: 'ams', expected: { fileAt: 'submit', fileBy: 'holder', decide: true, step: 'submit' } },
    {
      clause: '2.1',
      path: 'letters',
      expected: [
        'reasonStatement mandatory',
        'deathCertificate advised for meninggal',
        'transferDecree advised for mutasi',
        'retirementDecree advised for pensiun',
      ],
    },
    { clause: '2.5', path: 'findings', expected: ['data', 'completeness', 'subjectDn'] },
    { clause: '11', path: 'fourEyes', expected: true },
    { clause: '10', path: 'supervision', expected: 'supervisor: Kepala Bidang Aplikasi dan Persandian' },
    { clause: '11', path: 'headcount', expected: { says: 'stated', persons: 1 } },
    { clause: '5', path: 'suspensionOffered', expected: false },
    { clause: '2.3', path: 'reasons', expected: { catalogue: 'cabut-alasan/1', offered: 'all' } },
    { clause: '3', path: 'timeLimit.kind', expected: 'workingMinutes' },
    { clause: '3', path: 'timeLimit.amount', expected: 405 },
    { clause: '3', path: 'timeLimit.start', expected: 'submission' },
    { clause: '2.9', path: 'timeLimit.stop', expected: 'notification' },
    { clause: '3', path: 'timeLimit.warnAt', expected: 0.75 },
    {
      clause: '3',
      path: 'serviceHours.weekly',
      expected: {
        monday: weekday('08:00', '15:45'),
        tuesday: weekday('08:00', '15:45'),
        wednesday: weekday('08:00', '15:45'),
        thursday: weekday('08:00', '15:45'),
        friday: { open: '08:00', close: '11:00', breaks: [] },
      },
    },
    { clause: '3', path: 'serviceHours.collectiveLeave', expected: 'closed' },
    { clause: '3', path: 'zone', expected: 'WIB' },
    {
      clause: '3',
      path: 'expedite',
      expected: ['kunciBocor', '24 wallHours', 'letter to follow 1 workingDays', 'ratification 1 workingDays'],
    },
    { clause: '4', path: 'fee', expected: { amount: 0, currency: 'IDR' } },
    {
      clause: '5',
      path: 'product',
      expected: 'revocation: Pelayanan Pencabutan Sertifikat Elektronik BSrE Menggunakan Aplikasi Manajemen Sertifikat (AMS)',
    },
    {
      clause: '6',
      path: 'complaints.channels',
      expected: ['phone', 'phone', 'email', 'website', 'socialMedia', 'socialMedia', 'officer', 'faceToFace'],
    },
    { clause: '6', path: 'complaints.classes', expected: ['umum without limit'] },
    {
      clause: '6.b',
      path: 'complaints.flow',
      expected: ['applicant submit', 'verifier respond', 'complaintOfficer escalate', 'complaintOfficer resolve'],
    },
    {
      clause: '7',
      path: 'legalBasis',
      expected: ['UU 11/2008 amended', 'PP 71/2019 inForce', 'Perda 4/2021 unknown', 'Perkada 58/2021 unknown', 'Perkada 33/2021 unknown'],
    },
    { clause: '8', path: 'facilities', expected: { says: 'silent', items: [] } },
    {
      clause: '9',
      path: 'competence',
      expected: {
        says: 'stated',
        items: ['Mampu mengoperasikan komputer', 'Menguasai SOP Pendaftaran, Pembaruan dan Pencabutan Sertifikat Elektronik'],
      },
    },
    { clause: '12', path: 'guarantee', expected: { says: 'stated', items: ['Layanan diberikan dengan sebaik-baiknya'] } },
    { clause: '13', path: 'safety', expected: { says: 'stated', items: ['Lingkungan aman', 'Kondisi ruangan nyaman'] } },
    { clause: '14', path: 'evaluation', expected: { every: 3, unit: 'month', by: ['head'], form: 'review' } },
  ],
  'kabupaten-purbalingga': [
    { clause: '-', path: 'decree', expected: { says: 'silent' } },
    { clause: '-', path: 'valid', expected: { says: 'silent' } },
    { clause: '-', path: 'zone', expected: 'WIB' },
    { clause: 'Service Delivery 1', path: 'filing.by', expected: 'opd' },
    { clause: 'Service Delivery 1', path: 'filing.role', expected: 'opdOfficer' },
    {
      clause: 'Service Delivery 1',
      path: 'filing.onBehalf',
      expected: ['personnelOffice deceased: deathCertificate', 'verifier unreachable: institutionDecision'],
    },
    { clause: 'Service Delivery 1', path: 'filing.batch', expected: { offered: false } },
    {
      clause: 'Service Delivery 1',
      path: 'letters',
      expected: [
        'requestLetter mandatory',
        'reasonStatement mandatory within requestLetter',
        'deathCertificate advised for meninggal',
        'transferDecree advised for mutasi',
        'retirementDecree advised for pensiun',
      ],
    },
    {
      clause: 'Service Delivery 2',
      path: 'parties',
      expected: ['applicant', 'holder', 'opdOrigin', 'opdDestination', 'dinkominfo', 'bsre'],
    },
    {
      clause: 'Service Delivery 2',
      path: 'roles',
      expected: [
        'opdHead',
        'opdOfficer',
        'holder',
        'head',
        'coordinator',
        'verifier',
        'supervisor',
        'complaintOfficer',
        'onCallOfficer',
        'personnelOffice',
        'bsre',
        'system',
      ],
    },
    {
      clause: 'Service Delivery 2',
      path: 'steps',
      expected: [
        'Service Delivery 2.1 opdHead file',
        'Service Delivery 2.1 opdHead attach',
        'Service Delivery 2.1 opdHead submit',
        'Service Delivery 2.2 head receive',
        'Service Delivery 2.2 head dispose',
        'Service Delivery 2.3 coordinator redispose',
        'Service Delivery 2.4 verifier verify, else return to attach-letters',
        'Service Delivery 2.4 verifier approve, else reject',
        'Service Delivery 2.4 verifier execute',
        'Service Delivery 2.5 bsre recordAmsAnswer, else return to attach-letters',
        'Service Delivery 2.6 opdHead answer',
        '- system prove',
        '- system close',
      ],
    },
    { clause: 'Service Delivery 2.1', path: 'reasons', expected: { catalogue: 'cabut-alasan/1', offered: 'all' } },
    { clause: 'Service Delivery 2.2', path: 'disposition', expected: true },
    {
      clause: 'Service Delivery 2.4',
      path: 'ams',
      expected: { fileAt: 'execute', fileBy: 'verifier', decide: false, step: 'enter-in-ams' },
    },
    { clause: 'Service Delivery 2.5', path: 'findings', expected: ['data', 'completeness', 'subjectDn'] },
    { clause: 'Service Delivery 3', path: 'timeLimit.kind', expected: 'workingMinutes' },
    { clause: 'Service Delivery 3', path: 'timeLimit.amount', expected: 170 },
    { clause: 'Service Delivery 3', path: 'timeLimit.start', expected: 'receipt' },
    { clause: 'Service Delivery 3', path: 'timeLimit.stop', expected: 'answerLetter' },
    { clause: 'Service Delivery 3', path: 'timeLimit.warnAt', expected: 0.75 },
    {
      clause: 'Service Delivery 3',
      path: 'serviceHours',
      expected: {
        weekly: {
          monday: weekday('07:30', '16:00'),
          tuesday: weekday('07:30', '16:00'),
          wednesday: weekday('07:30', '16:00'),
          thursday: weekday('07:30', '16:00'),
          friday: { open: '07:30', close: '16:30', breaks: [{ from: '11:30', to: '13:00' }] },
        },
        ramadan: {
          ...Object.fromEntries(
            ['monday', 'tuesday', 'wednesday', 'thursday'].map((day) => [
              day,
              { open: '08:00', close: '15:00', breaks: [{ from: '12:00', to: '12:30' }] },
            ]),
          ),
          friday: { open: '08:00', close: '15:30', breaks: [{ from: '11:30', to: '12:30' }] },
        },
        collectiveLeave: 'closed',
      },
    },
    { clause: 'Service Delivery 3', path: 'serviceHours.collectiveLeave', expected: 'closed' },
    {
      clause: 'Service Delivery 3',
      path: 'expedite',
      expected: ['kunciBocor', '24 wallHours', 'letter to follow 1 workingDays', 'ratification 1 workingDays'],
    },
    { clause: 'Service Delivery 4', path: 'fee', expected: { amount: 0, currency: 'IDR' } },
    {
      clause: 'Service Delivery 5',
      path: 'product',
      expected: 'revocation: Pencabutan Sertifikat Elektronik di Lingkungan Kabupaten Purbalingga',
    },
    { clause: 'Service Delivery 5', path: 'suspensionOffered', expected: false },
    {
      clause: 'Service Delivery 6.a',
      path: 'complaints.channels',
      expected: ['faceToFace', 'letterBox', 'srikandi', 'whatsapp', 'phone', 'email', 'lapor', 'socialMedia', 'socialMedia'],
    },
    {
      clause: 'Service Delivery 6.b',
      path: 'complaints.flow',
      expected: ['applicant submit', 'verifier receive', 'bsre resolve', 'applicant receiveAnswer'],
    },
    {
      clause: 'Service Delivery 6.c',
      path: 'complaints.classes',
      expected: [
        'ringan 180 workingMinutes',
        'normatif 300 workingMinutes',
        'tidakBerkadarPengawasan 1 workingDays',
        'berkadarPengawasan 30 workingDays',
      ],
    },
    {
      clause: 'Manufacturing 1',
      path: 'legalBasis',
      expected: [
        'UU 11/2008 amended',
        'UU 14/2008 inForce',
        'PP 82/2012 repealed',
        'Perpres 95/2018 inForce',
        'Perkada 90/2021 unknown',
        'Perkada 32/2022 unknown',
        'Perkada 59/2022 unknown',
      ],
    },
    {
      clause: 'Manufacturing 2',
      path: 'facilities',
      expected: {
        says: 'stated',
        items: [
          'Koneksi Internet',
          'Komputer / Laptop',
          'Email Resmi Dinas',
          'Surat Permohonan Penerbitan Sertifikat Elektronik',
          'Aplikasi Manajemen Sertifikat (AMS)',
        ],
      },
    },
    {
      clause: 'Manufacturing 3',
      path: 'competence',
      expected: {
        says: 'stated',
        items: [
          'Memahami registrasi sertifikat digital',
          'Memahami penggunaan tanda tangan elektronik dan aplikasi pendukungnya',
          'Memiliki hak akses pencabutan sertifikat digital',
        ],
      },
    },
    { clause: 'Manufacturing 4', path: 'fourEyes', expected: true },
    { clause: 'Manufacturing 4', path: 'supervision', expected: 'supervisor: Atasan langsung' },
    { clause: 'Manufacturing 5', path: 'headcount', expected: { says: 'stated', persons: 3 } },
    {
      clause: 'Manufacturing 6',
      path: 'guarantee',
      expected: {
        says: 'stated',
        items: [
          'Pelayanan yang diberikan cepat, tepat, lengkap dan dapat dipertanggung-jawabkan',
          'Sanksi bagi pelanggaran standar pelayanan: teguran lisan, teguran tertulis dan seterusnya',
        ],
      },
    },
    {
      clause: 'Manufacturing 7',
      path: 'safety',
      expected: { says: 'stated', items: ['Disimpan sebagai data elektronik jika suatu saat diperlukan kembali'] },
    },
    {
      clause: 'Manufacturing 8',
      path: 'evaluation',
      expected: { every: 1, unit: 'month', by: ['head', 'coordinator', 'verifier'], form: 'meeting' },
    },
  ],
}

const limit = ({ amount, kind }: { readonly amount: number; readonly kind: string }): string => `${amount} ${kind}`

/** The long data in one line each; everything else as it is. */
const views: Readonly<Record<string, (standard: ServiceStandard) => unknown>> = {
  roles: ({ roles }) => roles.map(({ role }) => role),
  steps: ({ steps }) =>
    steps.map(
      ({ clause, actor, command, otherwise }) =>
        `${clause} ${actor}${command === undefined ? '' : ` ${command}`}${otherwise === undefined ? '' : `, else ${otherwise.command}${otherwise.to === undefined ? '' : ` to ${otherwise.to}`}`}`,
    ),
  'filing.onBehalf': ({ filing }) => filing.onBehalf.map(({ role, when, letters }) => `${role} ${when}: ${letters.join(', ')}`),
  letters: ({ letters }) =>
    letters.map(
      ({ kind, demand, reasons, within }) =>
        `${kind} ${demand}${reasons === undefined ? '' : ` for ${reasons.join(', ')}`}${within === undefined ? '' : ` within ${within}`}`,
    ),
  supervision: ({ supervision }) => `${supervision.role}: ${supervision.title.id}`,
  expedite: ({ expedite }) => [
    ...expedite.reasons,
    limit(expedite.limit),
    ...(expedite.letterToFollow === null ? [] : [`letter to follow ${limit(expedite.letterToFollow)}`]),
    ...(expedite.ratification === null ? [] : [`ratification ${limit(expedite.ratification)}`]),
  ],
  product: ({ product }) => `${product.service}: ${product.title.id}`,
  'complaints.channels': ({ complaints }) => complaints.channels.map(({ kind }) => kind),
  'complaints.classes': ({ complaints }) =>
    complaints.classes.map((one) => `${one.id} ${one.limit === null ? 'without limit' : limit(one.limit)}`),
  'complaints.flow': ({ complaints }) => complaints.flow.map(({ role, act }) => `${role} ${act}`),
  legalBasis: ({ legalBasis }) => legalBasis.map(({ form, number, year, status }) => `${form} ${number}/${year} ${status}`),
}

/** What stands in the data at a path, in the short form of {@link clauseRows}. */
export function dataAt(standard: ServiceStandard, path: string): unknown {
  const view = views[path]
  if (view !== undefined) return view(standard)
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], standard)
}
