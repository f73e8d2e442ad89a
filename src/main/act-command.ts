import { readFile } from 'node:fs/promises'
import { DeclarationError } from '../declaration/error.ts'
import { WISH_KINDS } from '../declaration/possible-acts.ts'
import { ReceiptError } from '../declaration/receipt-error.ts'
import { EncodingError } from '../encoding/hex.ts'
import { SealingError } from '../sealing/error.ts'
import { TlogError } from '../tlog/error.ts'
import { VerifyError } from '../verify/error.ts'
import { runCommand } from './command-line.ts'
import { readPassphrase } from './import/read-passphrase.ts'
import { type ActAsked, makeAct } from './make-act.ts'
import type { Terminal } from './verify-progress.ts'
import { SourceUnreachable } from './verify-source.ts'

const HELP = `Usage: avow act ACT SITE --kept FILE [OPTIONS] < receipt

Signs one act with a receipt, without the service, and prints it to be sent by any way that takes messages: the page
"hand in a signed message" of any copy of the service, mail, a letter. Nothing is sent from here. The receipt (twelve
words of any list, or twelve groups of digits) is asked for, or read from standard input; it is never an argument.

  ACT             confirm · organisations · alias · remove-name · publish-text · publish-name · take-down-text
                  take-down-name · withdraw · restore · rekey · prove · open-name
  SITE            a copy of the register in a folder, or the address of its root; its static files are all that is read
  --kept FILE     what the service kept for the receipt ("Save what is kept for you")
  --index N       which declaration; without it the whole log is searched
  --now           at once, and who watches the site can see when; otherwise with the changes of a day
  --orgs IDS      for organisations: their ids, with commas between
  --register ID   for alias: whose made-up names (default quit-ccp)
  --language L    for alias: en, zh-hans or zh-hant (default en)
  --verifier NAME --nonce HEX   for prove and open-name: the question, as who asks gave it

rekey prints the new receipt on standard error, once.

Exit: 0 the act is on standard output, 1 it cannot be signed, 2 a mistake in the command line.
`

export type ActIo = {
  readonly stdout: Terminal
  readonly stderr: Terminal
  readonly readReceipt: () => Promise<string>
}

const PROCESS_IO: ActIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  readReceipt: () => readPassphrase('Receipt: '),
}

/** `avow act`: works from a copy of the public files on a machine without a network. */
export async function actCommand(args: readonly string[], io: ActIo = PROCESS_IO): Promise<number> {
  return runCommand(args, io, {
    name: 'act',
    help: HELP,
    shapes: {
      kept: { type: 'string' },
      index: { type: 'string' },
      now: { type: 'boolean', default: false },
      orgs: { type: 'string', default: '' },
      register: { type: 'string', default: 'quit-ccp' },
      language: { type: 'string', default: 'en' },
      verifier: { type: 'string', default: '' },
      nonce: { type: 'string', default: '' },
    },
    read: ({ values, positionals: [name, site, ...more] }): Options | string => {
      const { kept, index, now, orgs, register, language, verifier, nonce } = values
      const kind = [...WISH_KINDS, 'prove' as const, 'open-name' as const].find((k) => k === name)
      if (kind === undefined) return `there is no act "${name ?? ''}"`
      if (site === undefined || more.length > 0) return 'give one site or folder'
      if (kept === undefined) return 'give --kept FILE'
      if (index !== undefined && !/^(0|[1-9]\d{0,14})$/.test(index)) return 'the index is a number'
      return {
        kind,
        site,
        keptFile: kept,
        index: index === undefined ? null : Number(index),
        when: now ? 'now' : 'batch',
        orgs: orgs.split(',').filter(Boolean).sort(),
        register,
        language,
        verifier,
        nonce,
      }
    },
    run: (options) => sign(options, io),
  })
}

async function sign(options: Options, io: ActIo): Promise<number> {
  try {
    const kept = await readFile(options.keptFile)
    const made = await makeAct({ ...options, kept, receipt: await io.readReceipt() })
    if (made.heir !== null) io.stderr.write(`New receipt, shown only now:\n${made.heir}\n`)
    io.stdout.write(made.text)
    return 0
  } catch (error) {
    io.stderr.write(`avow act: ${explain(error)}\nNothing was signed.\n`)
    return 1
  }
}

/** What failed, never with the receipt in it. A fault of ours is thrown on. */
function explain(error: unknown): string {
  if (error instanceof ReceiptError) {
    const { code, position, nearest = [] } = error
    const near = nearest.length === 0 ? '' : `; close to it: ${nearest.join(', ')}`
    return `the receipt does not read: ${code}${position === undefined ? '' : ` at ${position}`}${near}`
  }
  const isKnown = [
    DeclarationError,
    EncodingError,
    SealingError,
    SourceUnreachable,
    TlogError,
    VerifyError,
  ].some((known) => error instanceof known)
  if (error instanceof Error && (isKnown || 'code' in error)) return error.message
  throw error
}

type Options = Omit<ActAsked, 'kept' | 'receipt'> & { readonly keptFile: string }
