import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** A file the pages refer to. */
export interface Asset { readonly body: Buffer; readonly type: string; readonly gzip?: Buffer }

/** The part of esbuild used here; it comes with tsup. */
interface Esbuild {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[] }>
}

const folder = fileURLToPath(new URL('.', import.meta.url))
const modules = ['umum', 'ajuan', 'salin', 'status', 'periksa', 'asing'] as const

/** Style, icon and client modules, bundled from the sources once, when the first page asks. */
export function createAssets(): (name: string) => Promise<Asset | undefined> {
  let bundled: Promise<ReadonlyMap<string, Asset>> | undefined
  return async (name) => {
    bundled ??= bundle()
    return (await bundled).get(name)
  }
}

async function bundle(): Promise<ReadonlyMap<string, Asset>> {
  const require = createRequire(import.meta.url)
  const esbuild = createRequire(require.resolve('tsup'))('esbuild') as Esbuild
  const { outputFiles } = await esbuild.build({
    entryPoints: modules.map((name) => join(folder, 'browser', `${name}.ts`)), outdir: join(folder, 'out'), bundle: true, write: false, splitting: true, format: 'esm', platform: 'browser', target: 'es2022',
    minify: true, treeShaking: true, legalComments: 'none', logLevel: 'error', conditions: ['@cabut/source', 'browser'],
  })
  const assets = new Map<string, Asset>()
  const add = (name: string, type: string, body: Buffer): void => void assets.set(name, { body, type, gzip: gzipSync(body) })
  for (const { path, contents } of outputFiles) add(path.slice(join(folder, 'out').length + 1), 'text/javascript; charset=utf-8', Buffer.from(contents))
  add('portal.css', 'text/css; charset=utf-8', readFileSync(join(folder, 'portal.css')))
  add('asing-lama.js', 'text/javascript; charset=utf-8', readFileSync(join(folder, 'browser', 'asing-lama.js')))
  add('asing.css', 'text/css; charset=utf-8', readFileSync(join(folder, 'browser', 'asing.css')))
  add('ikon.svg', 'image/svg+xml', readFileSync(join(folder, 'icon.svg')))
  return assets
}
