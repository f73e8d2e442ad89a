/** What stands in a form, as a browser would post it, so that both ways read the same text. */
export function fieldsOf(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') fields.append(name, value.replaceAll(/\r\n|\r|\n/g, '\r\n'))
  }
  return fields
}
