import { Hono } from 'hono'
import { type Language, languages } from '../i18n/languages.ts'
import type { OfflineForm } from './make-offline-form.ts'

export interface SignedOfflineForm extends OfflineForm {
  /** Signed by the declaration log's key. */
  readonly note: Uint8Array
}

export function offlineFormPath(language: Language): string {
  return `/offline-form-${language}.html`
}

/** Gives the files to be saved: opened from here they would be a page of this site, with its address and its connection. */
export function offlineFormRoutes(forms: Readonly<Record<Language, SignedOfflineForm>>): Hono {
  const routes = new Hono()
  for (const language of languages) {
    const path = offlineFormPath(language)
    const { bytes, note } = forms[language]
    const save = (name: string) => ({
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    })
    const name = path.slice(1)
    routes.get(path, (c) =>
      c.body(bytes, 200, { 'content-type': 'text/html; charset=utf-8', ...save(name) }),
    )
    routes.get(`${path}.note`, (c) =>
      c.body(Uint8Array.from(note), 200, {
        'content-type': 'text/plain; charset=utf-8',
        ...save(`${name}.note`),
      }),
    )
  }
  return routes
}
