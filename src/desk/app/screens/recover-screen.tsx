import { useState } from 'preact/hooks'
import { parseInvitationLink } from '../../../centres/invitation-link.ts'
import type { DeskClient } from '../../client/desk-client.ts'
import { TextField } from '../fields.tsx'
import { Button, FailureNote, Heading } from '../parts.tsx'
import { rootFingerprint } from '../root-fingerprint.ts'
import { ShareFields } from '../share-fields.tsx'
import { useTexts } from '../texts.ts'
import { useAction } from '../use-action.ts'

/** When no key holder can unlock any more: enough shares make two links for new ones. */
export function RecoverScreen(props: { readonly client: DeskClient; readonly onDone: () => void }) {
  const { t } = useTexts()
  const [centre, setCentre] = useState('global')
  const [links, setLinks] = useState<readonly string[]>([])
  const { busy, failure, run } = useAction()
  return (
    <>
      <Heading>{t('recover.title')}</Heading>
      <FailureNote failure={failure} />
      {links.length > 0 ? (
        <div role="status">
          <p>{t('recover.links')}</p>
          {links.map((link) => (
            <p class="mono" key={link}>
              {link}
            </p>
          ))}
          <p>{t('recover.next', { root: rootOf(links) })}</p>
        </div>
      ) : (
        <>
          <p>{t('recover.intro')}</p>
          <TextField
            label={t('recover.centre')}
            value={centre}
            maxLength={48}
            onInput={setCentre}
          />
          <ShareFields
            busy={busy}
            action={t('recover.button')}
            onShares={(shares) =>
              run(async () =>
                setLinks(await props.client.recover(shares, location.origin, centre.trim())),
              )
            }
          />
        </>
      )}
      <Button second onClick={props.onDone}>
        {t('recover.back')}
      </Button>
    </>
  )
}

/** As the printed sheets write it. */
function rootOf([link = '']: readonly string[]): string {
  return rootFingerprint(parseInvitationLink(new URL(link).hash).rootHash)
}
