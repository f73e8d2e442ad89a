import type { ContentBody, ContentLine } from '../declaration/content.ts'
import { DeclarationError } from '../declaration/error.ts'
import { isAct } from '../declaration/event.ts'
import { parseLeaf } from '../declaration/leaf.ts'
import { type ActTrust, applyAct, type LeafState, startState } from '../declaration/leaf-state.ts'
import type { About } from '../declaration/values.ts'
import type { DeclarationEvent, EventIndex, FlagEvent } from './event-index.ts'
import type { Forms } from './labels.ts'
import type { RegisterFiles } from './register-files.ts'

interface ShownText {
  readonly language: string
  readonly text: string
  readonly standard: boolean
}

/** One declaration as its page shows it: the newest state, and the visible parts that the copy holds. */
export interface DeclarationView {
  readonly index: number
  readonly state: LeafState
  /** In the order of the log, without events that the rules refuse. */
  readonly history: readonly DeclarationEvent[]
  readonly text?: ShownText
  readonly name?: string
  readonly about?: About
  /** The form of the leaf. */
  readonly forms: Forms
}

export interface ViewSources {
  readonly files: RegisterFiles
  readonly events: EventIndex
  readonly trust: ActTrust
}

/** The entries [from, to) of a declaration log of `size`, newest first. */
export async function readViews(
  { files, events, trust }: ViewSources,
  size: number,
  from: number,
  to: number,
): Promise<readonly DeclarationView[]> {
  const entries = await files.readEntries('declarations', size, from, to)
  const views = entries.map(async (entry, i): Promise<DeclarationView> => {
    const index = from + i
    const started = startState(parseLeaf(entry), trust.sha256)
    const { state, history } = applyEvents(started, await events.eventsOf(index), trust)
    const form = await files.findForm(state.leaf.form)
    const forms = form === undefined ? [] : [form]
    const content = await files.findContent(index)
    return { index, state, history, forms, ...(await shownParts(state, content, forms, files)) }
  })
  return (await Promise.all(views)).toReversed()
}

/** Refused events are findings for a verifier; here they change nothing, as in the tally. */
function applyEvents(
  started: LeafState,
  logged: readonly DeclarationEvent[],
  trust: ActTrust,
): Pick<DeclarationView, 'state' | 'history'> {
  const history: DeclarationEvent[] = []
  let state = started
  for (const event of logged) {
    try {
      if (isAct(event)) state = applyAct(state, event, trust)
      else if (event.type !== 'translation') state = applyFlag(state, event)
      history.push(event)
    } catch (error) {
      if (!(error instanceof DeclarationError)) throw error
    }
  }
  return { state, history }
}

function applyFlag(state: LeafState, { type, ranges, size }: FlagEvent): LeafState {
  if (ranges.some(({ end }) => end > size)) {
    throw new DeclarationError('act_refused', 'range beyond the size the event names')
  }
  return { ...state, flagged: type === 'flag' }
}

/** What the newest state does not show stays unseen even where a copy still holds it. */
async function shownParts(
  { leaf, withdrawn }: LeafState,
  content: ContentLine | undefined,
  forms: Forms,
  files: RegisterFiles,
): Promise<Pick<DeclarationView, 'text' | 'name' | 'about'>> {
  if (content === undefined || withdrawn) return {}
  const { body, name, about } = content
  const text = leaf.shown.text && body ? await readText(body, forms, files) : undefined
  return {
    ...(text === undefined ? {} : { text }),
    ...(leaf.shown.name && name ? { name: name.value } : {}),
    ...(about === undefined ? {} : { about: about.value }),
  }
}

async function readText(
  body: ContentBody,
  forms: Forms,
  files: RegisterFiles,
): Promise<ShownText | undefined> {
  if (body.kind === 'own') {
    const found = await files.findText(body.textId)
    return found?.kind === 'own' ? { ...found, standard: false } : undefined
  }
  const texts = forms.flatMap(({ standardTexts }) => standardTexts)
  const text = texts.find(({ id }) => id === body.id)?.text[body.language]
  return text === undefined ? undefined : { language: body.language, text, standard: true }
}
