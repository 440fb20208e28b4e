import { libraryBuild } from '../../tsup.shared.ts'

// `shims`: the audit finds the code of its threads from its own place, in the CommonJS build as well.
export default libraryBuild({ shims: true })
