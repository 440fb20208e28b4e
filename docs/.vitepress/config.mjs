import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { contracts, documents, groups } from './pages.mjs'

// Written by scripts/docs/stage.mjs: pages found at build time (benchmarks, packages of the reference).
const found = process.env.CABUT_DOCS_FOUND
const { benches, reference } = found !== undefined && existsSync(found) ? JSON.parse(readFileSync(found, 'utf8')) : { benches: [], reference: [] }

function sidebar(language) {
  const base = language === 'id' ? '/' : '/en/'
  const item = ([slug, id, en]) => ({ text: language === 'id' ? id : en, link: base + slug.replace(/index$/, '') })
  const group = ({ id, en, pages }, collapsed) => ({ text: language === 'id' ? id : en, collapsed, items: pages.map((page) => item(page.length === 4 ? page.slice(1) : page)) })
  const sides = groups.map((one) => group(one, false))
  sides.at(-1).items.push(...benches.map(({ slug, title }) => ({ text: title, link: base + slug })))
  return [
    ...sides,
    { text: language === 'id' ? 'Kontrak' : 'Contracts', collapsed: false, items: contracts.map(([, ...page]) => item(page)) },
    ...documents.map((one) => group(one, true)),
    { text: language === 'id' ? 'Rujukan API (Inggris)' : 'API reference', collapsed: true, items: reference.map(({ title, slug }) => ({ text: title, link: `/en/${slug}` })) },
  ]
}

const words = {
  id: {
    search: 'Cari', reset: 'Hapus pencarian', back: 'Tutup', noResults: 'Tidak ada hasil untuk', select: 'pilih', navigate: 'pindah', close: 'tutup',
    outline: 'Di halaman ini', previous: 'Sebelumnya', next: 'Berikutnya', menu: 'Daftar isi', top: 'Ke atas', dark: 'Tampilan', language: 'Bahasa', toLight: 'Ganti ke terang', toDark: 'Ganti ke gelap',
    skip: 'Lewati ke isi', missing: 'Halaman tidak ditemukan', quote: 'Alamat ini tidak menunjuk halaman mana pun.', home: 'Ke beranda',
    footer: 'Apache-2.0. Hanya orang dan sertifikat rekaan. Belum pernah dicoba pada AMS yang sebenarnya.',
  },
  en: {
    search: 'Search', reset: 'Clear', back: 'Close', noResults: 'No results for', select: 'select', navigate: 'move', close: 'close',
    outline: 'On this page', previous: 'Before', next: 'Next', menu: 'Contents', top: 'To the top', dark: 'Appearance', language: 'Language', toLight: 'Switch to light', toDark: 'Switch to dark',
    skip: 'Skip to content', missing: 'Page not found', quote: 'This address leads to no page.', home: 'To the front page',
    footer: 'Apache-2.0. Invented people and certificates only. Never tried against the real AMS.',
  },
}

function theme(language) {
  const base = language === 'id' ? '/' : '/en/'
  const say = words[language]
  return {
    nav: [
      { text: language === 'id' ? 'Mulai' : 'Start', link: `${base}start` },
      { text: language === 'id' ? 'Panduan' : 'Guides', link: `${base}guide/portal`, activeMatch: `^${base}guide/` },
      { text: language === 'id' ? 'Konsep' : 'Concepts', link: `${base}concept/proof`, activeMatch: `^${base}concept/` },
      { text: language === 'id' ? 'Rujukan' : 'Reference', link: '/en/reference/' },
    ],
    sidebar: sidebar(language),
    outline: { level: [2, 3], label: say.outline }, docFooter: { prev: say.previous, next: say.next }, sidebarMenuLabel: say.menu, returnToTopLabel: say.top,
    darkModeSwitchLabel: say.dark, langMenuLabel: say.language, lightModeSwitchTitle: say.toLight, darkModeSwitchTitle: say.toDark, skipToContentLabel: say.skip,
    notFound: { title: say.missing, quote: say.quote, linkText: say.home, linkLabel: say.home, code: '404' },
    footer: { message: say.footer },
  }
}

const search = (language) => {
  const say = words[language]
  return { translations: { button: { buttonText: say.search, buttonAriaLabel: say.search }, modal: { displayDetails: say.search, resetButtonTitle: say.reset, backButtonTitle: say.back, noResultsText: say.noResults, footer: { selectText: say.select, navigateText: say.navigate, closeText: say.close } } } }
}

export default defineConfig({
  title: 'Cabut', srcDir: process.env.CABUT_DOCS_SOURCE ?? '.', outDir: process.env.CABUT_DOCS_OUT ?? './dist', cacheDir: process.env.CABUT_DOCS_CACHE ?? './cache',
  cleanUrls: false, lastUpdated: false, metaChunk: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' }]],
  // Anchors as GitHub makes them: the same link works in the repository and on the site.
  markdown: { attrs: { disable: true }, anchor: { slugify: (text) => text.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-') }, theme: { light: 'github-light-high-contrast', dark: 'github-dark' } },
  locales: {
    root: { label: 'Bahasa Indonesia', lang: 'id', description: 'Dicabut berarti terbukti: pencabutan sertifikat elektronik BSrE dengan bukti.', themeConfig: theme('id') },
    en: { label: 'English', lang: 'en', description: 'Revoked means proven: revocation of BSrE certificates with proof.', themeConfig: theme('en') },
  },
  themeConfig: { logo: '/icon.svg', search: { provider: 'local', options: { locales: { root: search('id'), en: search('en') }, _render: (text, env, md) => env.frontmatter?.search === false ? '' : md.render(text, env) } } },
})
