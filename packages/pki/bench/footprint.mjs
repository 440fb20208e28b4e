// What importing costs: time over an empty process, and the size of a browser bundle after brotli.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { median, processTime, rowOf } from './measure.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const dist = (path) => pathToFileURL(resolve(here, '../dist', path)).href

const imports = {
  'empty process': '',
  'limit: node:crypto alone': "import 'node:crypto'",
  '@cabut/pki name + crl + ocsp': `import '${dist('name/index.js')}'\nimport '${dist('crl/index.js')}'\nimport '${dist('ocsp/index.js')}'`,
  '@cabut/pki whole': `import '${dist('index.js')}'`,
  '@peculiar/x509': "import 'reflect-metadata'\nimport '@peculiar/x509'",
  'pkijs': "import 'pkijs'",
  'jsrsasign': "import 'jsrsasign'",
  '@ldapjs/dn': "import '@ldapjs/dn'",
}

const from = (part, ...names) => `export { ${names.join(', ')} } from '${fileURLToPath(dist(`${part}/index.js`))}'\n`
const names = from('name', 'parseName', 'readName', 'formatName', 'namesMatch')
const certificates = from('certificate', 'readCertificate')
const crls = from('crl', 'readCrl', 'judgeCrl')
const answers = from('ocsp', 'buildOcspRequest', 'readOcspResponse', 'judgeOcsp')

const bundles = {
  '@cabut/pki names': names,
  '@cabut/pki names and readCertificate': names + certificates,
  '@cabut/pki names, readCertificate, readCrl, judgeCrl': names + certificates + crls,
  '@cabut/pki names, readCertificate, OCSP': names + certificates + answers,
  '@cabut/pki names, certificates, CRL and OCSP judged': names + certificates + crls + answers,
  '@cabut/pki name + crl + ocsp, every export': ['name', 'crl', 'ocsp'].map((part) => `export * from '${fileURLToPath(dist(`${part}/index.js`))}'`).join('\n'),
  '@peculiar/x509': "import 'reflect-metadata'\nexport * from '@peculiar/x509'",
  'pkijs': "export * from 'pkijs'",
}

export async function run() {
  const folder = mkdtempSync(join(here, 'node_modules', '.footprint-'))
  try {
    return [importTimes(folder), await bundleSizes(folder)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function importTimes(folder) {
  const files = Object.entries(imports).map(([name, source], i) => {
    const file = join(folder, `${i}.mjs`)
    writeFileSync(file, source)
    return { name, file, times: [] }
  })
  for (let round = 0; round < 15; round++) for (const entry of files) {
    const time = processTime(process.execPath, [entry.file])
    if (time !== undefined) entry.times.push(time)
  }
  const of = (entry, kind) => median(entry.times.map((time) => time[kind]))
  const rows = files.map((entry, i) => ({ name: entry.name, ns: of(entry, 'cpu') - (i === 0 ? 0 : of(files[0], 'cpu')), wall: of(entry, 'wall') - (i === 0 ? 0 : of(files[0], 'wall')) }))
  const targets = [{
    what: 'importing names, CRL and OCSP, ms over an empty process', limit: 25, value: rowOf({ rows }, '@cabut/pki name + crl').ns / 1e6,
    why: 'not decomposed beyond the rows, of which node:crypto alone is one',
  }]
  return { title: 'import, over an empty process', unit: 'whole process', rows, targets }
}

async function bundleSizes(folder) {
  // esbuild comes with tsup.
  const require = createRequire(resolve(here, '../../../package.json'))
  const { build } = createRequire(require.resolve('tsup'))('esbuild')
  const rows = []
  for (const [name, contents] of Object.entries(bundles)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder }, bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, logLevel: 'silent', conditions: ['browser'], mainFields: ['module', 'main'],
    })
    const [file] = outputFiles
    rows.push({ name, ns: undefined, bytes: brotliCompressSync(file.contents).length, value: `${(brotliCompressSync(file.contents).length / 1000).toFixed(1)} kB`, note: `${(file.contents.length / 1000).toFixed(1)} kB minified` })
  }
  const size = (name) => rows.find((row) => row.name === name).bytes / 1000
  const judged = '@cabut/pki names, certificates, CRL and OCSP judged'
  const targets = [{
    what: 'names, certificates, CRL and OCSP judged, kB after brotli', limit: 15, value: size(judged),
    why: `minified, in ${await partsOf(build, bundles[judged], folder)}. Names alone are ${size('@cabut/pki names').toFixed(1)} kB after brotli, with readCertificate ${size('@cabut/pki names and readCertificate').toFixed(1)} kB. No library is in it, and no part needs one`,
  }]
  return { title: 'browser bundle after brotli', unit: 'bytes', rows, targets }
}


/** The folders of the sources that end up in a bundle, with what each takes of it, by esbuild's own account. */
async function partsOf(build, contents, folder) {
  const { metafile } = await build({
    stdin: { contents: contents.replaceAll('/dist/', '/src/').replaceAll('.js', '.ts'), resolveDir: folder }, bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, metafile: true, logLevel: 'silent',
    conditions: ['@cabut/source', 'browser'], outfile: 'bundle.js',
  })
  const parts = new Map()
  for (const [path, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0].inputs)) {
    const part = /\/src\/([^/]+)\//.exec(path)?.[1] ?? 'between the folders'
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput)
  }
  return [...parts].sort(([, a], [, b]) => b - a).map(([part, bytes]) => `${part} ${(bytes / 1000).toFixed(1)} kB`).join(', ')
}
