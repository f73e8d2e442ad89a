import { html as honoHtml } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Text that is safe to send. Only `html` makes it, and it escapes every value that is not Markup itself. */
export type Markup = HtmlEscapedString
export type MarkupValue =
  | Markup
  | string
  | number
  | false
  | null
  | undefined
  | readonly MarkupValue[]

/** Our pages never wait for a part of themselves, so the type says that this is at once a string. */
export function html(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const markup = honoHtml(strings, ...values)
  if (markup instanceof Promise) throw new TypeError('markup that waits')
  return markup
}
