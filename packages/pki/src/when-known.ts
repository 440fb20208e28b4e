/**
 * Goes on with a value: at once when it is there, later when it is promised. Evidence is judged thousands of times with signers and hashes that are
 * remembered; a chain of promises would cost a good part of the signature check.
 */
export function whenKnown<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
