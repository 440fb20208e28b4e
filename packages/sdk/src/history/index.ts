export { canonicalBytes, canonicalJson, type Json } from './canonical.js'
export type { ChainHead, HistoryActor, PersonalValue, PublicEvent, Salts, SealedEvent, UnsealedEvent } from './event.js'
export { chainDigest, commitmentOf, contentOf, publicEvent, sealEvent, withoutPersonal } from './seal.js'
export { verifyHistory, type HistoryFault, type HistoryVerdict } from './verify.js'
