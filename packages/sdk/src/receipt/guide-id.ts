import { commandBlock, outputBlock, type GuideFacts } from './guide-facts.js'

/** VERIFY.md in Indonesian. */
export function guideId({ receipt, rootFingerprint, printedSerial, rootFile, commands }: GuideFacts): string {
  const { proof } = receipt
  const full = commands.certificate !== undefined
  const crl = proof.source === 'crl'
  const parts = [
    '# Bukti pencabutan: cara memeriksa',
    '',
    ...(receipt.sandbox ? ['> **SANDBOX.** Ini percobaan dengan otoritas sertifikat buatan. Bukan pencabutan sungguhan dan tidak berlaku sebagai bukti.', ''] : []),
    `Nomor perkara \`${receipt.caseId}\`. Sertifikat dengan nomor seri \`${receipt.certificate.serial}\` (heksadesimal) telah **dicabut** oleh penerbitnya.`,
    `Waktu pencabutan menurut penerbit: \`${proof.revocationDate}\` (UTC). Sumber bukti: ${crl ? 'CRL' : 'jawaban OCSP'} yang ditandatangani penerbit pada \`${proof.thisUpdate}\` (UTC).`,
    '',
    'Periksa sendiri dengan OpenSSL 3 atau lebih baru, tanpa jaringan, dari dalam folder ini. Perintah tetap berlaku bertahun-tahun kemudian karena `-attime` memakai waktu bukti.',
    '',
    '## 1. Berkas utuh',
    '',
    commandBlock(commands.manifest, commands.files),
    '',
    'Perintah pertama: setiap baris harus berakhir `: OK` (di macOS: `shasum -a 256 -c MANIFEST`). Perintah kedua: daftar harus sama dengan isi `MANIFEST` ditambah `MANIFEST` itu sendiri; berkas tambahan bukan bagian dari bukti ini.',
    '',
    '## 2. Akar kepercayaan',
    '',
    commandBlock(commands.fingerprint),
    '',
    'Harus tercetak:',
    '',
    outputBlock(`sha256 Fingerprint=${rootFingerprint}`),
    '',
    receipt.publishedFingerprint === undefined
      ? `Bandingkan dengan sidik jari yang diterbitkan oleh penyelenggara sertifikat itu sendiri, dari sumber lain. Tanpa langkah ini folder ini hanya membuktikan dirinya sendiri: siapa pun dapat membuat \`${rootFile}\`.`
      : `Bandingkan dengan sidik jari yang diterbitkan di: ${receipt.publishedFingerprint.where}. Ambil dari sana, bukan dari folder ini: siapa pun dapat membuat \`${rootFile}\`.`,
    '',
    ...(commands.certificate === undefined
      ? [receipt.form === 'public'
        ? 'Bentuk publik ini tidak memuat sertifikat, surat, nama, maupun alasan. Sertifikat dikenali dari penerbit dan nomor seri; pemegang bentuk lengkap dapat membuka komitmen bergaram di `receipt.json`.'
        : 'Sertifikat itu sendiri tidak tersedia saat permohonan ditangani. Sertifikat dikenali dari penerbit dan nomor seri: satu penerbit tidak memberi satu nomor dua kali (RFC 5280 4.1.2.2).', '']
      : ['## 3. Sertifikat yang dimaksud', '', commandBlock(commands.certificate), '', `Nomor seri harus \`${printedSerial}\`, dan nama pemegang harus nama yang Anda cari.`, '']),
    `## ${full ? 4 : 3}. Dicabut`,
    '',
    commandBlock(...commands.prove),
    '',
  ]
  if (crl && full) {
    parts.push(
      'Artinya **dicabut** hanya bila baris ini tercetak dan kode keluar (`echo $?`) adalah **2**:',
      '',
      outputBlock('error 23 at 0 depth lookup: certificate revoked'),
      '',
      '`certificate.pem: OK` dengan kode keluar 0 berarti **tidak** dicabut menurut CRL ini. Baris `error` dengan nomor lain tanpa baris di atas berarti tidak terbukti.',
    )
  } else if (crl) {
    parts.push(
      `Perintah ${commands.prove.length === 1 ? 'itu' : 'pertama harus mencetak baris yang berakhir `: OK`, perintah terakhir'} harus mencetak \`verify OK\`, dengan kode keluar (\`echo $?\`) **0**: CRL itu benar dari penerbit. Dicabut atau tidak ditentukan oleh langkah berikut.`,
    )
  } else {
    const name = full ? 'certificate.pem' : `0x${receipt.certificate.serial}`
    parts.push(
      'Artinya **dicabut** hanya bila kedua baris ini tercetak dan kode keluar (`echo $?`) adalah **0**:',
      '',
      outputBlock('Response verify OK', `${name}: revoked`),
      '',
      '`good` atau `unknown` berarti tidak terbukti dicabut, walaupun kode keluarnya 0. Bila tercetak `Response Verify Failure`, baris lain tidak berlaku. `WARNING: no nonce in response` wajar: bukti ini diperiksa jauh sesudah dibuat.',
    )
  }
  parts.push('', `## ${full ? 5 : 4}. Bukan sekadar ditangguhkan`, '')
  if (commands.entry === undefined) {
    parts.push('Lihat baris `Reason:` pada keluaran langkah sebelumnya. Bila tertulis `certificateHold`, sertifikat hanya **ditangguhkan (diblokir)**, bukan dicabut. Tidak ada baris `Reason:`, atau alasan lain: dicabut.')
  } else {
    parts.push(
      commandBlock(commands.entry),
      '',
      `Harus tercetak \`Serial Number: ${printedSerial}\` dengan \`Revocation Date\` di bawahnya. Tidak tercetak apa-apa: tidak tercantum, tidak terbukti. Bila sebelum \`Serial Number:\` berikutnya tertulis \`Certificate Hold\`, sertifikat hanya **ditangguhkan (diblokir)**, bukan dicabut. Tanpa alasan, atau alasan lain: dicabut.`,
    )
  }
  parts.push(
    '',
    '## Yang tidak dibuktikan',
    '',
    'Folder ini membuktikan pencabutan dan bahwa berkasnya saling cocok. Ia tidak membuktikan siapa yang menulis riwayat (`history.jsonl`), atau isi surat. Rantai riwayat diperiksa dengan `cabut receipt verify`.',
    '',
  )
  return parts.join('\n')
}
