import { html } from '../../ui/html.ts'
import { METHOD_VERSION } from '../figures.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import type { RegisterSummary } from '../summary.ts'
import { countLine, evidenceMeanings, witnessLine } from './count-parts.ts'

/** What the number does and does not mean, in plain words, with the version of the method. */
export function renderNumberPage(frame: PageFrame, summary: RegisterSummary): string {
  const { t, link, language } = frame
  const body = html`<h1>${t('numberTitle')}</h1>
${countLine(frame, summary)}
<p class="note"><strong>${t('provesOnly')}</strong><br>${witnessLine(frame, summary)}</p>
<p>${t('methodVersion', { version: METHOD_VERSION })}</p>
<h2>${t('numberIs')}</h2>
<p>${t('numberIs1')}</p>
<p>${t('numberIs2')}</p>
<p>${t('numberIs3')}</p>
<h2>${t('numberProven')}</h2>
<p>${t('numberProven1')}<br><a href="${link(`/${language}/verify/`)}">${t('verifyTitle')}</a></p>
<h2>${t('numberNotProven')}</h2>
<p>${t('numberNotProven1')}</p>
<p>${t('numberNotProven2')}</p>
<h2>${t('numberEvidence')}</h2>
<p>${t('numberEvidenceNote')}</p>
${evidenceMeanings(frame)}
<h2>${t('numberWithdrawn')}</h2>
<p>${t('numberWithdrawn1')}</p>
<h2>${t('numberOutside')}</h2>
<p>${t('numberOutside1')}</p>
<h2>${t('numberWitness')}</h2>
<p>${t(summary.witnesses.length === 0 ? 'numberWitness0' : 'numberWitness1')}</p>
<h2>${t('numberFalsify')}</h2>
<p>${t('numberFalsify1')}</p>
<p><a href="${link(`/${language}/kept/`)}">${t('keptTitle')}</a></p>`
  return renderPage(frame, { title: t('numberTitle'), body })
}
