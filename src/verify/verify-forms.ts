import {
  FORM_MAX_CHARS,
  type FormDefinition,
  parseFormDefinition,
} from '../declaration/form-definition.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { toHex } from '../encoding/hex.ts'
import { VerifyError } from './error.ts'
import type { EventHistory, LoggedForm } from './event-history.ts'
import { readRequired } from './read-file.ts'
import { eventFile } from './replay-events.ts'
import type { Trust } from './trust.ts'

/** A form definition that leaves may name, and the size of the declaration log when it was published. */
export type PublishedForm = {
  readonly definition: FormDefinition
  readonly organisations: ReadonlySet<string>
  readonly operatorReasons: ReadonlySet<string>
  readonly from: number
}
export type PublishedForms = ReadonlyMap<string, PublishedForm>

export function formFile(hash: string): string {
  return `log/forms/${hash}.json`
}

/** Every form definition that an event names is served, is what the event says, and reads. */
export async function verifyForms(
  history: EventHistory,
  eventCount: number,
  trust: Trust,
): Promise<PublishedForms> {
  const forms = new Map<string, PublishedForm>()
  for (const [hash, event] of history.forms) {
    const definition = await readForm(hash, trust)
    if (definition.id !== event.id || definition.version !== event.version) {
      throw new VerifyError(
        'event_refused',
        eventFile(event.position, eventCount),
        `event ${event.position} (form): the form has another id or version`,
      )
    }
    forms.set(hash, published(definition, event))
  }
  return forms
}

async function readForm(hash: string, { read, sha256 }: Trust): Promise<FormDefinition> {
  const file = formFile(hash)
  const bytes = await readRequired(read, file, 4 * FORM_MAX_CHARS)
  if (toHex(sha256(bytes)) !== hash) {
    throw new VerifyError('bad_form', file, 'the form is not the one whose hash was logged')
  }
  try {
    return parseFormDefinition(fromUtf8(bytes))
  } catch (cause) {
    throw new VerifyError('bad_form', file, 'the form does not read', { cause })
  }
}

function published(definition: FormDefinition, { size }: LoggedForm): PublishedForm {
  return {
    definition,
    organisations: new Set(['unstated', ...definition.organisations.map(({ id }) => id)]),
    operatorReasons: new Set(definition.operatorReasons.map(({ id }) => id)),
    from: size,
  }
}
