import { fromBase64 } from '../../../../encoding/base64.ts'
<<<<<<< /tmp/b/m/work
import { type CentreKey, verifyCentreEntry } from '../../../../sealing/centre-entry.ts'
import type { DirectoryEntry } from '../../../../sealing/directory-entry.ts'
import { FormRun, type FormRunOptions } from './form-run.ts'
=======
import {
  type CentreKey,
  type CentreProof,
  verifyCentreEntry,
} from '../../../../sealing/centre-entry.ts'
import { FormRun } from './form-run.ts'
>>>>>>> /tmp/b/m/mine
import type { PageData } from './page-data.ts'

/** Throws unless signatures lead from the root to this centre's key: a page never seals to anything else. */
export function openForm(
  data: PageData,
<<<<<<< /tmp/b/m/work
  entry: DirectoryEntry,
  options: Pick<FormRunOptions, 'channel' | 'path' | 'host'>,
=======
  entry: CentreProof,
  options: { readonly channel: 'web' | 'onion'; readonly path: () => string },
>>>>>>> /tmp/b/m/mine
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
