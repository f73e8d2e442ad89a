import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { type Policy, parsePolicy } from '../tlog/policy.ts'
import { parseNote } from '../tlog/signed-note.ts'
import type { Log } from './log.ts'
import type { LogKeys } from './log-keys.ts'
import { proveGrowth } from './prove-growth.ts'
import {
  type ConfiguredWitness,
  type CosignatureDeps,
  compareWithWitnesses,
  requestCosignatures,
} from './request-cosignatures.ts'

/** Who watches the logs. */
export type WitnessConfig = {
  readonly addresses: readonly ConfiguredWitness[]
  /** The `witness`, `group` and `quorum` lines of our policy, C2SP tlog-policy. */
  readonly policyLines: string
  readonly fetch: typeof fetch
  readonly timeoutMs?: number
}

/** Without witnesses the quorum is none, and every page says so. */
export const NO_WITNESSES: WitnessConfig = {
  addresses: [],
  policyLines: 'quorum none\n',
  fetch: globalThis.fetch,
}

/** The policy that is served, and what a log does with its witnesses. */
export type Witnessing = {
  readonly policyText: string
  readonly policy: Policy
  /** Throws `quorum_missing`, or the alarms `witness_ahead` and `witness_contradicts`. */
  readonly cosign: (log: Log, note: Uint8Array, previousSize: number) => Promise<Uint8Array>
  /** Shows them the note signed last, whatever the quorum. Throws the alarms only. */
  readonly compare: (log: Log, note: Uint8Array) => Promise<void>
}

export function witnessing(
  logKeys: LogKeys,
  witnesses: WitnessConfig,
  deps: Pick<CosignatureDeps, 'clock'> & { readonly sha256: (bytes: Uint8Array) => Uint8Array },
): Witnessing {
  const { declarations, events } = logKeys
  const logLines = `log ${declarations.verifierKey}\nlog ${events.verifierKey}\n`
  const policyText = `${logLines}${witnesses.policyLines}`
  const policy = parsePolicy(policyText)
  const asked = (log: Log, note: Uint8Array, previousSize?: number): CosignatureDeps => {
    const { size } = parseCheckpoint(parseNote(note).text)
    const { addresses, fetch, timeoutMs } = witnesses
    return {
      note,
      previousSize: previousSize ?? size,
      consistencyProof: proveGrowth(log, size, deps.sha256),
      witnesses: addresses,
      fetch,
      clock: deps.clock,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    }
  }
  return {
    policyText,
    policy,
    cosign: async (log, note, previousSize) =>
      (await requestCosignatures(policy, asked(log, note, previousSize))).note,
    compare: async (log, note) => {
      await compareWithWitnesses(asked(log, note))
    },
  }
}
