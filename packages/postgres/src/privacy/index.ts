export { readKeyEncryptionKey, type KeyEncryptionKey } from './key-encryption.js'
export { keysInDatabase, keysInDirectory, type KeptKey, type SubjectKeys } from './subject-keys.js'
export { openSubjects, type Erasure, type LegalHold, type SubjectCase, type SubjectExport, type SubjectOrder, type Subjects } from './subject.js'
export { openVault, readMarker, type OpenKey, type PrivacyOptions, type Vault } from './vault.js'
