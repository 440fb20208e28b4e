export { connectPostgres, type PostgresOptions } from './connect.js'
