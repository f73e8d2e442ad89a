import { z } from 'zod'

const perMinute = z.int().min(1).max(1_000_000)
const text = z.string().max(600).default('')

/** How the ways in are told apart and bounded: docs/operations/abuse.md. Everything has a default. */
export const intakeShape = z.strictObject({
  /** Submissions a minute. `work` is for pages that solved a puzzle, whatever path they came by. */
  budgets: z
    .strictObject({
      plain: perMinute.default(600),
      onion: perMinute.default(1200),
      station: perMinute.default(6000),
      work: perMinute.default(20_000),
    })
    .prefault({}),
  /** Further addresses to listen on; what comes in there belongs to the named path. */
  listeners: z
    .array(
      z.strictObject({
        host: z.string().min(1).max(253),
        port: z.int().min(0).max(65_535),
        path: z.enum(['plain', 'onion', 'station']),
      }),
    )
    .max(8)
    .default([]),
  /** What stays free on the disk: the smaller of the two. */
  diskReserve: z
    .strictObject({
      percent: z.number().min(0).max(100).default(5),
      bytes: z
        .int()
        .min(0)
        .max(2 ** 50)
        .default(2 ** 30),
    })
    .prefault({}),
  /** Envelopes an hour that nobody sent; 12 at production pace, none at development pace, unless said here. */
  dummiesPerHour: z.number().min(0).max(3600).optional(),
  /** Told to people where this way is full: a telephone number, an address, an onion. */
  otherChannels: z.strictObject({ en: text, 'zh-hans': text, 'zh-hant': text }).prefault({}),
})

export type IntakeConfig = z.infer<typeof intakeShape>
