import { toBase64 } from '../../encoding/base64.ts'
import { html } from '../../ui/html.ts'
import { LOGS } from '../../verify/latest.ts'
import { formatNumber } from '../format.ts'
import { type PageFrame, renderPage } from '../site-page.ts'
import type { RegisterSummary } from '../summary.ts'
import { checkerPlace } from '../verify-app/checker-place.ts'
import { checkerWords } from '../verify-app/words.ts'
import { witnessLine } from './count-parts.ts'

/** How to check everything, with the command to type. The page itself is no evidence and says so. */
export function renderVerifyPage(frame: PageFrame, summary: RegisterSummary): string {
  const { t, link, language, look } = frame
  const body = html`<h1>${t('verifyTitle')}</h1>
<p>${t('verifyIntro')}</p>
${checkerPlace({ language, words: checkerWords([language]), root: link('/'), policy: null })}
<h2>${t('verifyWhole')}</h2>
<ol>
<li>${t('verifyStep1')}</li>
<li>${t('verifyStep2')} <code>${summary.policySha256}</code> (<a href="${link('/log/policy')}">${t('policyFile')}</a>)</li>
<li>${t('verifyStep3')}
<pre tabindex="0"><code>./avow verify ${t('verifyAddress')} --policy policy
./avow verify ./public --policy policy</code></pre></li>
</ol>
<p>${t('verifyResult')}</p>
<h2>${t('verifyWhat')}</h2>
<ul>
<li>${t('verifyWhat1')}</li>
<li>${t('verifyWhat2')}</li>
<li>${t('verifyWhat3')}</li>
<li><strong>${t('verifyWhat4')}</strong></li>
</ul>
<p class="note">${witnessLine(frame, summary)}</p>
<h2>${t('verifyOne')}</h2>
<p>${t('verifyOne1')}</p>
<h2>${t('verifyOffline')}</h2>
<p>${t('verifyOffline1')}</p>
<h2>${t('verifyFacts')}</h2>
${logTable(frame, summary)}`
  const head = html`<script type="module" src="${link(look.checkerPath)}"></script>
`
  return renderPage(frame, { title: t('verifyTitle'), body, head })
}

function logTable({ t, link, language }: PageFrame, { pair, origins }: RegisterSummary) {
  const names = { declarations: t('declarationsLog'), events: t('eventsLog') }
  return LOGS.map(
    (log) => html`<h3>${names[log]}</h3>
<dl class="facts">
<div><dt>${t('originColumn')}</dt><dd><code>${origins[log]}</code></dd></div>
<div><dt>${t('sizeColumn')}</dt><dd>${formatNumber(language, pair[log].size)}</dd></div>
<div><dt>${t('rootColumn')}</dt><dd><code>${toBase64(pair[log].root)}</code></dd></div>
<div><dt>${t('checkpointColumn')}</dt><dd><a href="${link(`/log/checkpoints/${log}/${pair[log].size}`)}">${t('checkpointFile')}</a></dd></div>
</dl>
`,
  )
}
