import { html, type Markup } from '../../ui/html.ts'
import { CHECKER_ID, type CheckerData } from './checker-data.ts'

/** Where the script builds its form; without scripts nothing of it is seen. */
export function checkerPlace(data: CheckerData): Markup {
  return html`<section id="${CHECKER_ID}" hidden data-checker="${JSON.stringify(data)}"></section>
`
}
