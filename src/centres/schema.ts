import type { Migration } from '../postgres/migrate.ts'

/**
 * The directory is public and signed, so its rows are trusted only after `verifyDirectory`.
 * Accounts hold a hash of the login proof and an age file; neither opens anything by itself.
 * An applicant holds an account but stands in no directory yet: a key holder compares the code of the two
 * public keys and signs. A handed key is a centre identity sealed to one volunteer until they take it.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'centres-001',
    sql: `
CREATE TABLE avow.directory_change (
  seq integer PRIMARY KEY CHECK (seq >= 0),
  body text NOT NULL CHECK (octet_length(body) <= 8192),
  signature text NOT NULL CHECK (octet_length(signature) <= 128)
);
CREATE TABLE avow.invitation (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 262144),
  day date NOT NULL
);
CREATE TABLE avow.account (
  volunteer text PRIMARY KEY,
  centre text NOT NULL,
  login_hash bytea NOT NULL CHECK (octet_length(login_hash) = 32),
  keyring bytea NOT NULL CHECK (octet_length(keyring) <= 1048576)
);
CREATE TABLE avow.applicant (
  volunteer text PRIMARY KEY REFERENCES avow.account (volunteer),
  centre text NOT NULL,
  roles text NOT NULL,
  recipient text NOT NULL CHECK (octet_length(recipient) <= 4096),
  signing_key text NOT NULL CHECK (octet_length(signing_key) = 44),
  day date NOT NULL
);
CREATE TABLE avow.handed_key (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  volunteer text NOT NULL REFERENCES avow.account (volunteer),
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 65536)
);
CREATE INDEX handed_key_of ON avow.handed_key (volunteer);
GRANT SELECT ON avow.directory_change TO avow_intake, avow_desk, avow_publisher;
GRANT INSERT ON avow.directory_change TO avow_desk;
GRANT SELECT, INSERT, DELETE ON avow.invitation, avow.applicant, avow.handed_key TO avow_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON avow.account TO avow_desk;
`,
  },
]
