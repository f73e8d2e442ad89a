/** The kinds of way in. What is public of the channel is this word, nothing finer. */
export const CHANNELS = [
  'web',
  'onion',
  'email',
  'sms',
  'chat',
  'phone',
  'fax',
  'paper',
  'station',
  'import',
] as const
export type Channel = (typeof CHANNELS)[number]
