import type { CentreList } from '../declaration/centre-list.ts'
import { html } from '../ui/html.ts'

// Between the parallels where people live: 84° N and 56° S.
const TOP = 6
const HEIGHT = 140

/**
 * A dot for each centre, on coasts that come with the program: a map from somewhere else would tell it who looks.
 * It holds no words, so that one picture serves all languages; the page beside it says everything.
 */
export function renderCentreMap(land: string, { centres }: CentreList): string {
  const dots = centres.map(({ latitude, longitude, kind }) => {
    const x = (18_000 + longitude) / 100
    const y = (9_000 - latitude) / 100
    return html`<circle cx="${x}" cy="${y}" r="${kind === 'station' ? 1.1 : 1.7}"/>`
  })
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${TOP} 360 ${HEIGHT}">
<path d="${land}" fill="#c3cad2"/>
<g fill="#b3261e" stroke="#fff" stroke-width="0.4">${dots}</g>
</svg>
`.toString()
}
