import type { Channel } from '../declaration/channel.ts'
import { type FormDefinition, labelIn } from '../declaration/form-definition.ts'
import type { SiteKey } from './messages.en.ts'
import type { PageFrame } from './site-page.ts'

/** Forms to look a label up in, the one that fits best first. */
export type Forms = readonly FormDefinition[]

type ChoiceList =
  | 'organisations'
  | 'sectors'
  | 'standings'
  | 'regions'
  | 'voices'
  | 'operatorReasons'
  | 'keptOutReasons'

/** The id itself where no form knows it: a page must not hide what the log says. */
export function choiceLabel(frame: PageFrame, forms: Forms, list: ChoiceList, id: string): string {
  for (const form of forms) {
    const choice = form[list].find((candidate) => candidate.id === id)
    if (choice !== undefined) return labelIn(choice.label, frame.language)
  }
  return id
}

export function organisationLabel(frame: PageFrame, forms: Forms, id: string): string {
  return id === 'unstated' ? frame.t('unstated') : choiceLabel(frame, forms, 'organisations', id)
}

const channelKeys: Readonly<Record<Channel, SiteKey>> = {
  web: 'channelWeb',
  onion: 'channelOnion',
  email: 'channelEmail',
  sms: 'channelSms',
  chat: 'channelChat',
  phone: 'channelPhone',
  fax: 'channelFax',
  paper: 'channelPaper',
  station: 'channelStation',
  import: 'channelImport',
}

export function channelLabel({ t }: PageFrame, id: string): string {
  const known = Object.entries(channelKeys).find(([channel]) => channel === id)
  return known === undefined ? id : t(known[1])
}
