type Child = Node | string | false | null | undefined

/** Builds elements; text is always text, whatever a file or a stranger wrote. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  for (const child of children) if (child) made.append(child)
  return made
}

export function button(label: string, onClick: () => void, kind = 'button'): HTMLButtonElement {
  const made = element('button', { type: 'button', class: kind }, label)
  made.addEventListener('click', onClick)
  return made
}

/** A field under its label, with a hint between them. */
export function field<Control extends HTMLElement>(
  label: string,
  control: Control,
  hint?: string,
): HTMLElement {
  control.id ||= `check-${Math.abs(hash(label))}`
  const hinted =
    hint === undefined ? null : element('div', { class: 'hint', id: `${control.id}-hint` }, hint)
  if (hinted !== null) control.setAttribute('aria-describedby', hinted.id)
  return element(
    'div',
    { class: 'field' },
    element('label', { for: control.id }, label),
    hinted,
    control,
  )
}

export function choice(name: string, value: string, label: string, checked: boolean) {
  const input = element('input', { type: 'radio', name, value, id: `${name}-${value}` })
  input.checked = checked
  return element('div', { class: 'choice' }, input, element('label', { for: input.id }, label))
}

export function facts(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows.map(([term, value]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, element('bdi', {}, value))),
    ),
  )
}

function hash(text: string): number {
  let value = 0
  for (const unit of text) value = (Math.imul(value, 31) + (unit.codePointAt(0) ?? 0)) | 0
  return value
}
