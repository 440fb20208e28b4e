export { createSqlIdempotencyStore, type AnswerClaim, type KeptAnswer, type SqlIdempotencyOptions, type SqlIdempotencyStore } from './answers.js'
export { createSqlWebhookQueue, type Delivery, type HeldDelivery, type SqlWebhookQueue } from './deliveries.js'
export { createSqlSessionStore, type SqlSessionStore } from './sessions.js'
