export type HttpErrorCode =
  | 'bad_request'
  | 'bad_form'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported_type'
  | 'too_many'
  | 'unavailable'

const statusOf: Readonly<Record<HttpErrorCode, number>> = {
  bad_request: 400,
  bad_form: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_type: 415,
  too_many: 429,
  unavailable: 503,
}

/** A refusal the sender may see by its code. The message never carries what the sender sent. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpErrorCode
  readonly status: number

  constructor(code: HttpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = statusOf[code]
  }
}

/** An API's answer to a refusal. `fields` names fields and codes, never the values that were sent. */
export function problem(
  code: string,
  status: number,
  fields: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify({ code, fields }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}
