import { libraryBuild } from '../../tsup.shared.ts'

export default libraryBuild({ entry: { bin: 'src/bin.ts' }, format: ['esm'], platform: 'node', dts: false })
