import { z } from 'zod'
import { EVIDENCE } from '../declaration/evidence.ts'
import { toBase64 } from '../encoding/base64.ts'
import { fromUtf8, utf8 } from '../encoding/bytes.ts'
import { type CanonicalValue, canonicalJson } from '../encoding/canonical-json.ts'
import type { Pair } from '../verify/latest.ts'
import { type Counted, METHOD_VERSION } from './figures.ts'
import type { SiteLook } from './site-page.ts'
import type { RegisterSummary } from './summary.ts'

export const COUNT_FILE = 'count.json'

/** All figures for programs, keys sorted. `time` is when the pair was witnessed or first rendered. */
export function renderCountFile({ sample }: SiteLook, summary: RegisterSummary): Uint8Array {
  const { pair, origins, figures, apart } = summary
  const value: CanonicalValue = {
    format: 'avow/count/v1',
    method: METHOD_VERSION,
    sample,
    declarations: pair.declarations.size,
    events: pair.events.size,
    origins,
    roots: {
      declarations: toBase64(pair.declarations.root),
      events: toBase64(pair.events.root),
    },
    time: summary.takenAt.toISOString(),
    tallySha256: summary.tallySha256,
    witnesses: summary.witnesses,
    byEvidence: Object.fromEntries(EVIDENCE.map((level) => [level, figures.byEvidence[level]])),
    byState: figures.byState,
    byOrganisationsNamedTogether: toRecord(figures.byCombination),
    byOrganisationNotAdditive: toRecord(figures.byOrganisation),
    byMonth: toRecord(figures.byMonth),
    notCounted: { claimed: apart.claimed, keptOut: Object.fromEntries(apart.keptOut) },
  }
  return utf8(`${canonicalJson(value)}\n`)
}

const timed = z.object({
  roots: z.object({ declarations: z.string(), events: z.string() }),
  time: z.iso.datetime(),
})

/**
 * When `pair` was rendered before: rendering it again, after an erasure or a restart, must not make the
 * count look younger. Undefined for another pair or a file that does not say.
 */
export function countedAt(countFile: Uint8Array | undefined, pair: Pair): Date | undefined {
  if (countFile === undefined) return undefined
  const { data } = timed.safeParse(readJson(countFile))
  const same =
    data?.roots.declarations === toBase64(pair.declarations.root) &&
    data.roots.events === toBase64(pair.events.root)
  return same ? new Date(data.time) : undefined
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch {
    return undefined
  }
}

function toRecord(counts: readonly Counted[]): { readonly [id: string]: number } {
  return Object.fromEntries(counts.map(({ id, count }) => [id, count]))
}
