export { exportArchive, type ArchiveExportOptions, type Archived } from './export.js'
export { readOfficeKey, readSigningKey, type ArchiveHead } from './format.js'
export { importArchive, openArchive, type Imported, type OpenArchive } from './import.js'
export {
  dueForArchive, readRetentionPolicy, retentionOf, retireCase, type RetentionDue, type RetentionPolicy, type RetentionRule, type RetireOptions,
} from './retention.js'
