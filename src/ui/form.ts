import { html, type Markup, type MarkupValue } from './html.ts'

/** What is wrong with one field. `field` is the id of the element the summary leads to. */
export interface FieldProblem {
  readonly field: string
  readonly message: string
}

export interface FieldOptions {
  /** Name of the field and id of its (first) input. */
  readonly name: string
  readonly label: MarkupValue
  readonly hint?: MarkupValue
  readonly problems: readonly FieldProblem[]
}

export interface ChoiceOption {
  readonly value: string
  readonly label: MarkupValue
  readonly hint?: MarkupValue
  readonly checked: boolean
  /** What belongs to this choice, shown below it at all times: there is no script to open it. */
  readonly below?: MarkupValue
}

/** Stands first in `main`; every line leads to its field, where the same words stand again. */
export function problemSummary(title: string, problems: readonly FieldProblem[]): MarkupValue {
  if (problems.length === 0) return null
  return html`<div class="error-summary" role="alert"><h2>${title}</h2>
<ul>${problems.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`)}</ul></div>
`
}

/** A label as the page's one heading: the page asks one thing. */
export function headingLabel(text: string): Markup {
  return html`<h1>${text}</h1>`
}

export function textField(
  options: FieldOptions & { readonly value: string; readonly numeric?: boolean },
): Markup {
  const { name, label, value, numeric } = options
  return html`<div class="field${isWrong(options) && ' wrong'}"><label for="${name}">${label}</label>
${hintOf(options)}${problemOf(options)}<input type="text" id="${name}" name="${name}" value="${value}" autocomplete="off" spellcheck="false" dir="auto"${numeric && html` inputmode="numeric"`}${described(options)}></div>
`
}

export function textArea(
  options: FieldOptions & { readonly value: string; readonly short?: boolean },
): Markup {
  const { name, label, value, short } = options
  // The line break after the tag is dropped by the parser, so that one the person typed first is kept.
  return html`<div class="field${isWrong(options) && ' wrong'}"><label for="${name}">${label}</label>
${hintOf(options)}${problemOf(options)}<textarea id="${name}" name="${name}" autocomplete="off" spellcheck="false" dir="auto"${short && html` class="short"`}${described(options)}>
${value}</textarea></div>
`
}

export function select(
  options: FieldOptions & {
    readonly value: string
    readonly options: readonly { readonly value: string; readonly label: string }[]
  },
): Markup {
  const { name, label, value } = options
  return html`<div class="field${isWrong(options) && ' wrong'}"><label for="${name}">${label}</label>
${hintOf(options)}${problemOf(options)}<select id="${name}" name="${name}" autocomplete="off"${described(options)}>
${options.options.map((one) => html`<option value="${one.value}"${one.value === value && html` selected`}>${one.label}</option>`)}
</select></div>
`
}

export function radios(
  options: FieldOptions & { readonly choices: readonly ChoiceOption[] },
): Markup {
  return choiceGroup('radio', options)
}

export function checkboxes(
  options: FieldOptions & { readonly choices: readonly ChoiceOption[] },
): Markup {
  return choiceGroup('checkbox', options)
}

/** One choice that stands alone; it needs an id of its own when its name is that of a group. */
export function checkbox(name: string, choice: ChoiceOption, id = name): Markup {
  return html`<div class="field">${choiceItem('checkbox', name, id, choice)}</div>
`
}

function choiceGroup(
  type: 'radio' | 'checkbox',
  options: FieldOptions & { readonly choices: readonly ChoiceOption[] },
): Markup {
  const { name, label, choices } = options
  return html`<div class="field${isWrong(options) && ' wrong'}"><fieldset${described(options)}><legend>${label}</legend>
${hintOf(options)}${problemOf(options)}${choices.map((choice, i) => choiceItem(type, name, i === 0 ? name : `${name}-${i}`, choice))}</fieldset></div>
`
}

function choiceItem(
  type: 'radio' | 'checkbox',
  name: string,
  id: string,
  { value, label, hint, checked, below }: ChoiceOption,
): Markup {
  const hintId = `${id}-about`
  return html`<div class="choice"><input type="${type}" id="${id}" name="${name}" value="${value}" autocomplete="off"${checked && html` checked`}${hint && html` aria-describedby="${hintId}"`}><label for="${id}">${label}${hint && html` <span class="hint" id="${hintId}">${hint}</span>`}</label></div>
${below && html`<div class="below">${below}</div>`}`
}

function hintOf({ name, hint }: FieldOptions): MarkupValue {
  return hint && html`<p class="hint" id="${name}-hint">${hint}</p>`
}

function problemOf({ name, problems }: FieldOptions): MarkupValue {
  const found = problems.filter(({ field }) => field === name)
  if (found.length === 0) return null
  return html`<p class="error" id="${name}-error">${found.map(({ message }) => html`<span>${message}</span> `)}</p>`
}

function described(options: FieldOptions): MarkupValue {
  const ids = [options.hint && `${options.name}-hint`, isWrong(options) && `${options.name}-error`]
  const present = ids.filter(Boolean).join(' ')
  return present && html` aria-describedby="${present}"`
}

function isWrong({ name, problems }: Pick<FieldOptions, 'name' | 'problems'>): boolean {
  return problems.some(({ field }) => field === name)
}
