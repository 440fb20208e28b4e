/** Text forms of names: RFC 4514, RFC 2253 and RFC 1779, and the two of `openssl -nameopt`. */
export type NameForm = 'rfc4514' | 'rfc2253' | 'rfc1779' | 'openssl-oneline' | 'openssl-slash'
