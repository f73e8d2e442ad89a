import { readFile, writeFile } from 'node:fs/promises'
import { type KeptOpenings, parseKeptOpenings } from '../declaration/kept-openings.ts'
import { parseReceipt, receiptSecrets } from '../declaration/receipt.ts'
import { fromUtf8 } from '../encoding/bytes.ts'
import { wordlists } from '../intake/channels/web/wordlists.ts'
import { unarmourAgeFile } from '../sealing/age-armour.ts'
import { openWithSeed } from '../sealing/seed-file.ts'
import type { Policy } from '../tlog/policy.ts'
import { VerifyError } from '../verify/error.ts'
import { LATEST_FILE, LATEST_MAX_BYTES, parseLatest } from '../verify/latest.ts'
import { makeProof } from '../verify/make-proof.ts'
import { OPENABLE, type Openable } from '../verify/proof-extra.ts'
import { findByAuthor } from '../verify/read-declaration.ts'
import { readRequired } from '../verify/read-file.ts'
import { verifyProof } from '../verify/verify-proof.ts'
import { makeAnchorProof, makeAnchors } from './anchor-files.ts'
import { runCommand } from './command-line.ts'
import { readPassphrase } from './import/read-passphrase.ts'
import { nativeEd25519Verify } from './native-ed25519.ts'
import { openFolder } from './verify-folder.ts'
import { loadPolicy } from './verify-policy.ts'
import { openSite } from './verify-site.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'
import { sha256 } from './world.ts'

const HELP = `Usage: avow proof SITE --index N [--open PARTS] [--policy FILE] [--out FILE]
       avow proof SITE --kept FILE [--index N] [--open PARTS] [--policy FILE] [--out FILE] < receipt
       avow proof SITE --index N --anchor [--policy FILE] [--out FILE]
       avow proof SITE --anchors [--policy FILE] [--out FILE]

Writes the proof of one declaration: a file that shows anybody, without a network, that it stands in the register since
the day on which it was first witnessed. "avow verify PROOF --policy FILE" checks it. Nothing is sent anywhere.

  SITE           address of the site's root, or a folder that holds a copy of it
  --index N      the number of the declaration; with --kept it is found by itself, which reads the whole log
  --open PARTS   what the proof discloses: some of text,name,about,author, or none. Default: what the site shows
  --kept FILE    what the service kept for the receipt ("Save what is kept for you"), to disclose more than is shown.
                 The receipt is asked for, or taken from standard input
  --anchor       write a proof to an anchor instead: sixteen hashes and no signature, for whoever has the anchors
  --anchors      write the anchors themselves: one hash for each 65,536 declarations, which never changes
  --policy FILE  judge the proof by this policy before it is written; otherwise by the one that SITE serves
  --out FILE     where to write it; default N.tlog-proof, N.anchor-proof or anchors; - for standard output

Exit: 0 written, 1 there is no such proof, 2 a mistake in the command line or nothing that can be read.
`

export type ProofIo = {
  readonly stdout: { readonly write: (text: string) => unknown }
  readonly stderr: { readonly write: (text: string) => unknown }
  readonly readReceipt: () => Promise<string>
}

type Options = {
  readonly site: string
  readonly index: number | null
  readonly open: readonly Openable[]
  readonly keptFile: string | undefined
  readonly policyFile: string | undefined
  readonly out: string | undefined
  readonly wish: 'proof' | 'anchor' | 'anchors'
}

const PROCESS_IO: ProofIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  readReceipt: () => readPassphrase('Receipt: '),
}

/** `avow proof`: everything a holder needs to show one declaration to somebody who trusts nobody here. */
export async function proofCommand(
  args: readonly string[],
  io: ProofIo = PROCESS_IO,
): Promise<number> {
  return runCommand(args, io, {
    name: 'proof',
    help: HELP,
    shapes: {
      index: { type: 'string' },
      open: { type: 'string', default: 'text,name,about' },
      kept: { type: 'string' },
      policy: { type: 'string' },
      out: { type: 'string' },
      anchor: { type: 'boolean', default: false },
      anchors: { type: 'boolean', default: false },
    },
    read: ({ values, positionals: [site, ...more] }): Options | string => {
      if (site === undefined || more.length > 0) return 'give one site or folder'
      const { index, kept: keptFile, policy: policyFile, out } = values
      const wish = values.anchors ? 'anchors' : values.anchor ? 'anchor' : 'proof'
      const isKnown = index !== undefined || (keptFile !== undefined && wish === 'proof')
      if (!isKnown && wish !== 'anchors') return 'which one? give --index N'
      if (index !== undefined && !/^(0|[1-9]\d{0,14})$/.test(index)) return 'the index is a number'
      const open = values.open === 'none' ? [] : readParts(values.open)
      if (typeof open === 'string') return open
      const place = index === undefined ? null : Number(index)
      return { site, index: place, open, keptFile, policyFile, out, wish }
    },
    run: (options) => prove(options, io),
  })
}

async function prove(options: Options, io: ProofIo): Promise<number> {
  try {
    await writeProof(options, io)
    return 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.stderr.write(`avow proof: ${error.message}\nNo proof was written.\n`)
    return error instanceof SourceUnreachable ? 2 : 1
  }
}

async function writeProof(options: Options, io: ProofIo): Promise<void> {
  const { site } = options
  const source = /^https?:\/\//.test(site) ? openSite(site) : await openFolder(site)
  const { policy } = await loadPolicy(options.policyFile, source)
  if (options.wish !== 'proof') return writeAnchored(options, source, policy, io)
  const kept = await openKept(options.keptFile, io)
  const pair = parseLatest(await readRequired(source.read, LATEST_FILE, LATEST_MAX_BYTES))
  const index = options.index ?? (await findIndex(kept, source, pair, policy))
  const made = await makeProof({ index, open: options.open, kept }, pair, {
    read: source.read,
    sha256,
  })
  // What we made we check as whoever gets it will.
  const file = options.out ?? `${index}.tlog-proof`
  verifyProof(made.bytes, { policy, sha256, ed25519Verify: nativeEd25519Verify, file })
  if (file === '-') io.stdout.write(fromUtf8(made.bytes))
  else await writeFile(file, made.bytes)
  const disclosed = made.opened.length === 0 ? 'nothing else' : made.opened.map(wordOf).join(', ')
  io.stderr.write(
    `The proof of declaration ${index}, under the checkpoint of ${made.size} entries, discloses ${disclosed}.\n`,
  )
}

async function writeAnchored(
  { wish, index, out }: Options,
  source: VerifySource,
  policy: Policy,
  io: ProofIo,
): Promise<void> {
  const bytes =
    wish === 'anchors' || index === null
      ? await makeAnchors(source, policy)
      : await makeAnchorProof(index, source, policy)
  const file = out ?? (wish === 'anchors' ? 'anchors' : `${index}.anchor-proof`)
  if (file === '-') io.stdout.write(fromUtf8(bytes))
  else await writeFile(file, bytes)
}

async function openKept(file: string | undefined, io: ProofIo): Promise<KeptOpenings | null> {
  if (file === undefined) return null
  const sealed = await readFile(file).catch((cause: unknown) => {
    throw new SourceUnreachable(`${file} cannot be read`, { cause })
  })
  const { ageSeed } = receiptSecrets(parseReceipt(await io.readReceipt(), wordlists))
  return parseKeptOpenings(await openWithSeed(ageSeed, unarmourAgeFile(sealed)))
}

async function findIndex(
  kept: KeptOpenings | null,
  { read }: VerifySource,
  pair: ReturnType<typeof parseLatest>,
  policy: Policy,
): Promise<number> {
  if (kept === null) throw new VerifyError('missing_file', LATEST_FILE, 'no index was given')
  const names = policy.logs.map(({ key }) => key.name)
  const origin = names.find((name) => name.endsWith('/log/declarations')) ?? ''
  return findByAuthor(kept, { read, pair, origin, sha256 })
}

function wordOf(part: Openable): string {
  return part === 'body' ? 'text' : part
}

function readParts(written: string): readonly Openable[] | string {
  const words = written.split(',')
  const unknown = words.find((word) => !OPENABLE.some((part) => wordOf(part) === word))
  if (unknown !== undefined) return `"${unknown}" is no part: text, name, about, author or none`
  return OPENABLE.filter((part) => words.includes(wordOf(part)))
}
