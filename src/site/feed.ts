import { createHash } from 'node:crypto'
import { languageFacts } from '../i18n/languages.ts'
import { html } from '../ui/html.ts'
import type { DeclarationView } from './declaration-view.ts'
import { organisationLabel } from './labels.ts'
import { evidenceKeys } from './pages/count-parts.ts'
import { declarationPath } from './pages/declaration-page.ts'
import type { PageFrame } from './site-page.ts'
import type { RegisterSummary } from './summary.ts'

/** An Atom feed of the newest declarations. Ids are hashes (RFC 6920), so they hold at any address. */
export function renderFeed(
  frame: PageFrame,
  { takenAt, origins }: RegisterSummary,
  newest: readonly DeclarationView[],
): string {
  const { language, look, link, t } = frame
  const { title, description } = look.texts[language]
  const { tag } = languageFacts[language]
  const id = createHash('sha256').update(`${origins.declarations}\n${language}\n`).digest()
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${tag}">
<title>${title}</title>
<subtitle>${look.sample && `${t('sampleMark')} `}${description} ${t('provesOnly')}</subtitle>
<id>${hashName(id)}</id>
<updated>${takenAt.toISOString()}</updated>
<author><name>${origins.declarations}</name></author>
<link rel="alternate" type="text/html" href="${link(`/${language}/`)}"/>
${newest.map((view) => {
  const { leaf, leafHash } = view.state
  const organisations = leaf.orgs.map((org) => organisationLabel(frame, view.forms, org))
  return html`<entry>
<title>${t('declarationTitle', { index: view.index })}</title>
<id>${hashName(Buffer.from(leafHash, 'hex'))}</id>
<updated>${lastDay(view)}T00:00:00Z</updated>
<link rel="alternate" type="text/html" href="${link(declarationPath(language, view.index))}"/>
<summary>${organisations.join(' · ')} · ${t(evidenceKeys[leaf.evidence].label)}</summary>
${
  view.text &&
  html`<content type="text" xml:lang="${view.text.language}">${view.text.text}</content>
`
}</entry>
`
})}</feed>
`.toString()
}

/** Days are all the register tells; an event is an update. */
function lastDay({ state, history }: DeclarationView): string {
  return history.at(-1)?.day ?? state.leaf.day
}

function hashName(sha256: Uint8Array): string {
  return `ni:///sha-256;${Buffer.from(sha256).toString('base64url')}`
}
