import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ConfigError } from './error.ts'
import { intakeShape } from './intake-shape.ts'

const FILE_MAX_BYTES = 65_536

const fileShape = z.strictObject({
  register: z.string().min(1).max(200).optional(),
  name: z
    .string()
    .regex(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/, 'a host name, a slash and a path')
    .max(120)
    .optional(),
  /** `development` publishes at once; `production` holds every statement back as the form definition says. */
  pace: z.enum(['development', 'production']).optional(),
  /** Witnesses of other operators, and how many of them must cosign before anything is published. */
  witnesses: z
    .strictObject({
      quorum: z.int().min(1).max(63),
      members: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[a-z0-9.-]{1,60}$/, 'small letters, digits, dots and hyphens'),
            vkey: z.string().min(1).max(400),
            url: z.url({ protocol: /^https?$/ }),
          }),
        )
        .min(1)
        .max(63),
    })
    .refine(({ quorum, members }) => quorum <= members.length, 'quorum above the number of members')
    .optional(),
  /** An S3-compatible bucket that follows the public folder; its keys are in the secrets folder. */
  bucket: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }),
      region: z
        .string()
        .regex(/^[a-z0-9-]{1,60}$/)
        .default('us-east-1'),
    })
    .optional(),
  /** Marks every page: this register holds made-up declarations. */
  sample: z.boolean().optional(),
  intake: intakeShape.prefault({}),
})

export type ConfigFile = z.infer<typeof fileShape>

/** Reads avow.json. No file means all defaults; an unknown key is an error, because a typing slip must not pass for a choice. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  if (!existsSync(path)) return fileShape.parse({})
  const text = await readFile(path, 'utf8')
  if (text.length > FILE_MAX_BYTES) throw new ConfigError('bad_file', `${path} is too large`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ConfigError('bad_file', `${path} is not JSON`, { cause })
  }
  const parsed = fileShape.safeParse(value)
  if (!parsed.success)
    throw new ConfigError('bad_file', `${path}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}
