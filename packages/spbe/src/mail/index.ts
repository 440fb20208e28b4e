export { createGatewayChannel, createNotifier, type GatewayOptions, type NoticeChannel } from './channel.js'
export { createMailChannel, type MailOptions } from './mail.js'
export { writeMail, type MailText, type MessageWords, type StatusMessage } from './message.js'
