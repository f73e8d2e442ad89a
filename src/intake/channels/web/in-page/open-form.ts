import { fromBase64 } from '../../../../encoding/base64.ts'
import {
  type CentreKey,
  type CentreProof,
  verifyCentreEntry,
} from '../../../../sealing/centre-entry.ts'
import { FormRun, type FormRunOptions } from './form-run.ts'
import type { PageData } from './page-data.ts'

/** Throws unless signatures lead from the root to this centre's key: a page never seals to anything else. */
export function openForm(
  data: PageData,
  entry: CentreProof,
  options: Pick<FormRunOptions, 'channel' | 'path' | 'host'>,
): FormRun {
  const { register, centre, rootPublicKey } = data
  const root = fromBase64(rootPublicKey)
  const centreKey: CentreKey = verifyCentreEntry(entry, { register, centre, rootPublicKey: root })
  return new FormRun({
    ...options,
    data,
    centreKey,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
  })
}
