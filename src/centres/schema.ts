import type { Migration } from '../postgres/migrate.ts'

/**
 * The directory is public and signed, so its rows are trusted only as far as they verify.
 * Accounts hold a hash of the login proof and an age file; neither opens anything by itself. `keyring_at` is the size
 * of the directory by which the file was last sealed: a month closed later may still be in it.
 * A passkey wraps the same file passphrase once more and goes with its account.
 * The recovery file holds the present centre keys, sealed to what the key holders split; `at` is the directory it was made by.
 * An invitation that `renews` a name is for somebody who lost their keys; no other may be accepted under a name in use.
 * An applicant stands in no directory yet. A pending change carries one signature and waits for the second.
 * A handed key is one centre identity sealed to one volunteer until they take it; while its change is pending it waits too.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'centres-001',
    sql: `
CREATE TABLE avow.directory_change (
  seq integer PRIMARY KEY CHECK (seq >= 0),
  body text NOT NULL CHECK (octet_length(body) <= 8192),
  signatures text NOT NULL CHECK (octet_length(signatures) <= 512)
);
CREATE TABLE avow.pending_change (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  line text NOT NULL CHECK (octet_length(line) <= 8192),
  proposed text NOT NULL CHECK (octet_length(proposed) <= 512)
);
CREATE TABLE avow.invitation (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 262144),
  renews text,
  day date NOT NULL
);
CREATE TABLE avow.account (
  volunteer text PRIMARY KEY,
  centre text NOT NULL,
  login_hash bytea NOT NULL CHECK (octet_length(login_hash) = 32),
  keyring bytea NOT NULL CHECK (octet_length(keyring) <= 1048576),
  keyring_at integer NOT NULL DEFAULT 0 CHECK (keyring_at >= 0)
);
CREATE TABLE avow.passkey (
  credential bytea PRIMARY KEY CHECK (octet_length(credential) BETWEEN 16 AND 1023),
  volunteer text NOT NULL REFERENCES avow.account (volunteer) ON DELETE CASCADE,
  public_key bytea NOT NULL CHECK (octet_length(public_key) <= 2048),
  counter bigint NOT NULL CHECK (counter >= 0),
  wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 72),
  sealed_name bytea NOT NULL CHECK (octet_length(sealed_name) <= 4096)
);
CREATE INDEX passkey_of ON avow.passkey (volunteer);
CREATE TABLE avow.recovery_file (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  at integer NOT NULL CHECK (at >= 0),
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 1048576)
);
CREATE TABLE avow.applicant (
  volunteer text PRIMARY KEY,
  centre text NOT NULL,
  roles text NOT NULL,
  recipient text NOT NULL CHECK (octet_length(recipient) <= 4096),
  signing_key text NOT NULL CHECK (octet_length(signing_key) = 44),
  login_hash bytea NOT NULL CHECK (octet_length(login_hash) = 32),
  keyring bytea NOT NULL CHECK (octet_length(keyring) <= 1048576),
  day date NOT NULL
);
CREATE TABLE avow.handed_key (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  pending bytea REFERENCES avow.pending_change (id) ON DELETE CASCADE,
  volunteer text NOT NULL,
  centre text NOT NULL,
  month text NOT NULL,
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 65536)
);
CREATE INDEX handed_key_of ON avow.handed_key (volunteer);
CREATE INDEX handed_key_pending ON avow.handed_key (pending) WHERE pending IS NOT NULL;
GRANT SELECT ON avow.directory_change TO avow_intake, avow_desk, avow_publisher;
-- UPDATE, because rubbish may stand where the next entry belongs; what verifies is never replaced.
GRANT INSERT, UPDATE ON avow.directory_change TO avow_desk;
GRANT SELECT, INSERT, DELETE ON avow.invitation, avow.applicant, avow.pending_change TO avow_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON avow.handed_key TO avow_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON avow.account, avow.passkey, avow.recovery_file TO avow_desk;
`,
  },
]
