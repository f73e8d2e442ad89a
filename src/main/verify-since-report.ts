import type { Look } from '../verify/verify-since.ts'
import { judgeLines, type Report, reportJson, witnessesOf } from './verify-report.ts'

export type LookReport = Report & Look & { readonly isFirst: boolean }

/** A few lines for a log that somebody reads once a week. */
export function formatLook(look: LookReport): string {
  const { evidence, source, grown, isFirst } = look
  const { declarations, events } = evidence.pair
  const sizes = `${declarations.size} declarations and ${events.size} events`
  return [
    isFirst
      ? `The register ${evidence.register} at ${source.name} verifies from the beginning: ${sizes}.`
      : `The register ${evidence.register} at ${source.name} continues what was seen before: ${sizes}, ${grown.declarations} and ${grown.events} of them new.`,
    ageLine(look),
    ...judgeLines(look),
    '',
  ].join('\n')
}

export function lookJson(look: LookReport): string {
  const { grown, ageSeconds, isFirst } = look
  const report: unknown = JSON.parse(reportJson(look))
  const facts = { first: isFirst, grown, ageSeconds, witnesses: witnessesOf(look) }
  return `${JSON.stringify({ ...(report as object), ...facts })}\n`
}

function ageLine({ ageSeconds }: LookReport): string {
  if (ageSeconds === null) {
    return 'No witness says when: whether this is the newest state cannot be told.'
  }
  return `Both logs were cosigned within the last ${Math.ceil(ageSeconds / 3600)} hours.`
}
