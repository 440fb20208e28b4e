import { check, look, person, text } from './stage.mjs'

/** What anybody sees without logging in. */
export async function publicPages(portal) {
  const visitor = await person(portal)
  for (const [path, name] of [['/', 'beranda'], ['/standar', 'standar'], ['/periksa', 'periksa'], ['/masuk', 'masuk'], ['/pengaduan', 'pengaduan'], ['/pengaduan/baru', 'pengaduan-baru'], ['/rekaan', 'rekaan']]) {
    await visitor.go(path)
    await look(visitor.tab, name)
  }
  check('14 components', await (await visitor.go('/standar')).locator('details').count() === 14)
  // A visitor complains without a name and finds the answer by number and key.
  await visitor.go('/pengaduan/baru')
  await visitor.tab.getByLabel('Uraian').fill('<script>alert(1)</script> Layanan lambat, nomor saya 9999020101800002')
  await visitor.tab.getByRole('button', { name: 'Kirim pengaduan' }).click()
  await visitor.tab.locator('.kotak code').first().waitFor()
  const [number, key] = await visitor.tab.locator('.kotak code').allInnerTexts()
  check('anonymous complaint: number and key', /^K-/.test(number ?? '') && /^[0-9a-f]{64}$/.test(key ?? ''))
  check('anonymous complaint: identity number taken out', !(await text(visitor.tab)).includes('9999020101800002'))
  await visitor.go('/pengaduan/lihat')
  await visitor.tab.getByLabel('Nomor').fill(number)
  await visitor.tab.getByLabel('Kunci').fill(key)
  await visitor.tab.getByRole('button', { name: 'Lihat' }).click()
  await visitor.tab.locator('h1', { hasText: 'ADU' }).waitFor()
  check('anonymous complaint: opened by its key', (await text(visitor.tab)).includes('Layanan lambat'))
  await visitor.close()
}
