import { libraryBuild } from '../../tsup.shared.ts'

/**
 * The library for bundlers, and one file for pages without any: `<script type="module" src="cabut-elements.min.js">`. That one is made of the
 * sources of what it holds, since packages may be built side by side.
 */
export default [
  libraryBuild({ format: ['esm'] }),
  libraryBuild({
    entry: { 'cabut-elements.min': 'src/index.ts' }, format: ['esm'], platform: 'browser', target: 'es2022', noExternal: [/.*/], external: [], minify: true, splitting: false, dts: false, clean: false,
    outExtension: () => ({ js: '.js' }), esbuildOptions(options) { options.conditions = ['@cabut/source', 'browser', 'production']; options.legalComments = 'none' },
  }),
]
