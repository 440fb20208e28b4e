export { openPglite, type PgliteOptions } from './open.js'
