import type { Migration } from '../postgres/migrate.ts'

/**
 * `approved_item` is the hand-over: the desk inserts ciphertext, the publisher alone reads it.
 * `staged_batch` holds what was given indices and is not published yet: entries, and content under the staging key of
 * the secrets folder. `content_bundle` and `content_text` hold what is public, so that content files can be rebuilt
 * with erasures applied. Hours are counted from 1970 and drawn, or begin a day: none of them says when somebody worked.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'register-001',
    sql: `
CREATE TABLE avow.approved_item (
  case_id bytea PRIMARY KEY CHECK (octet_length(case_id) = 16),
  kind text NOT NULL CHECK (kind IN ('desk','import','order')),
  centre text NOT NULL,
  recipient_hash bytea NOT NULL CHECK (octet_length(recipient_hash) = 32),
  sealed bytea NOT NULL,
  due_hour integer,
  last_hour integer,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting','staged','published'))
);
CREATE INDEX approved_item_waiting ON avow.approved_item (kind, due_hour) WHERE state = 'waiting';
-- Hashes and counts of an archive and who signed them; the statements themselves come sealed, as items.
CREATE TABLE avow.import_manifest (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  signed text NOT NULL
);
-- Keyed hashes, so that an archive can be imported again without doubling; without the key they say nothing.
CREATE TABLE avow.imported_statement (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32)
);
CREATE TABLE avow.refused_item (
  case_id bytea PRIMARY KEY CHECK (octet_length(case_id) = 16),
  kind text NOT NULL,
  centre text NOT NULL,
  day date NOT NULL,
  code text NOT NULL
);
CREATE TABLE avow.publisher_recipient (
  recipient_hash bytea PRIMARY KEY CHECK (octet_length(recipient_hash) = 32),
  note text NOT NULL,
  current boolean NOT NULL
);
CREATE TABLE avow.log_state (
  log text PRIMARY KEY CHECK (log IN ('declarations','events')),
  origin text NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  edge bytea NOT NULL,
  last_day date NOT NULL,
  signed_size bigint NOT NULL,
  signed_note text NOT NULL,
  -- Whether the note carries what the witnesses said: then it is the one to publish, also after a restart.
  cosigned boolean NOT NULL DEFAULT false,
  published_size bigint NOT NULL,
  -- Content files below this are on disk for certain; above it the rows are the only durable copy.
  content_synced bigint NOT NULL DEFAULT 0
);
CREATE TABLE avow.staged_batch (
  log text PRIMARY KEY REFERENCES avow.log_state (log),
  edge_before bytea NOT NULL,
  entries bytea NOT NULL,
  sealed_content bytea
);
CREATE TABLE avow.event_queue (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  place integer NOT NULL,
  body text NOT NULL CHECK (octet_length(body) <= 65535)
);
-- What was last said of each kind in the event log, so that it is said once.
CREATE TABLE avow.announced (
  kind text PRIMARY KEY,
  value text NOT NULL
);
-- Public by intention; kept here so that the file can be written again.
CREATE TABLE avow.public_centres (
  stage text PRIMARY KEY CHECK (stage IN ('wanted','announced')),
  list bytea NOT NULL
);
CREATE TABLE avow.kept_out (
  reason text PRIMARY KEY,
  persons integer NOT NULL,
  since date NOT NULL
);
CREATE TABLE avow.tally_part (
  part text PRIMARY KEY,
  declarations bigint NOT NULL
);
CREATE TABLE avow.content_bundle (
  bundle bigint PRIMARY KEY,
  lines bytea NOT NULL
);
CREATE TABLE avow.content_text (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  body text NOT NULL,
  members integer NOT NULL CHECK (members >= 0)
);
-- A receipt that has its declaration: the leaf as logged, and what only the receipt opens. Forgotten, the hash alone is
-- left, so that nobody can file another statement under it.
CREATE TABLE avow.kept_opening (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  idx bigint UNIQUE,
  leaf bytea,
  sealed bytea,
  -- Why nothing came of the last act of this receipt, until the next one.
  refused text,
  CHECK ((idx IS NULL) = (leaf IS NULL) AND (idx IS NOT NULL OR sealed IS NULL))
);
-- Before publication a receipt belongs to one of the two: who inserts first has decided between publishing and withdrawing.
CREATE TABLE avow.receipt_fate (
  lookup_hash bytea PRIMARY KEY CHECK (octet_length(lookup_hash) = 32),
  fate text NOT NULL CHECK (fate IN ('withdrawn','staged'))
);
-- Where declarations stand that somebody acted upon; all others stand as their leaf says.
CREATE TABLE avow.leaf_state (
  idx bigint PRIMARY KEY,
  leaf bytea NOT NULL,
  seq integer NOT NULL,
  rekeyed bytea CHECK (octet_length(rekeyed) = 32),
  author_salt bytea CHECK (octet_length(author_salt) = 32),
  withdrawn boolean NOT NULL,
  confirmed boolean NOT NULL
);
-- The declarations that are flagged, as ranges that neither touch nor overlap.
CREATE TABLE avow.flagged_range (
  first bigint PRIMARY KEY,
  "end" bigint NOT NULL CHECK ("end" > first)
);
-- Acts that wait, sealed to the act recipient. The last day is the publisher's, by its own clock.
CREATE TABLE avow.pending_act (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  lookup_hash bytea NOT NULL CHECK (octet_length(lookup_hash) = 32),
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 2097152),
  urgency text NOT NULL CHECK (urgency IN ('now','batch')),
  last_day date
);
CREATE INDEX pending_act_of_receipt ON avow.pending_act (lookup_hash);
CREATE TABLE avow.refused_act (
  day date NOT NULL,
  code text NOT NULL,
  acts integer NOT NULL,
  PRIMARY KEY (day, code)
);
CREATE TABLE avow.act_recipient (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  note text NOT NULL
);
-- What an act makes visible, under the staging key until the event is public.
CREATE TABLE avow.raised_part (
  idx bigint NOT NULL,
  part text NOT NULL CHECK (part IN ('body','name')),
  sealed bytea NOT NULL,
  stage text NOT NULL DEFAULT 'waiting' CHECK (stage IN ('waiting','logged','in-rows')),
  PRIMARY KEY (idx, part)
);
-- What was erased from the rows of content, until files, pages, event and the database's own leftovers have followed;
-- -1 stands for whatever was deleted without having been public.
CREATE TABLE avow.erasure (
  idx bigint PRIMARY KEY,
  text_id bytea CHECK (octet_length(text_id) = 16),
  stage text NOT NULL DEFAULT 'rows' CHECK (stage IN ('rows','files','logged'))
);
CREATE TABLE avow.approval_evidence (
  first_index bigint PRIMARY KEY,
  size integer NOT NULL,
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  sealed bytea NOT NULL
);
-- Audits that wait, as their auditors signed them. Whoever writes here cannot make one up.
CREATE TABLE avow.signed_audit (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  written text NOT NULL CHECK (octet_length(written) <= 16384)
);
-- After a rebuild from public files: leaves that this database did not know, by which waiting items are known again.
CREATE TABLE avow.rebuilt_leaf (
  author bytea PRIMARY KEY CHECK (octet_length(author) = 32),
  idx bigint NOT NULL,
  leaf bytea NOT NULL
);
CREATE TABLE avow.visible_group (
  form bytea NOT NULL,
  key text NOT NULL,
  statements integer NOT NULL,
  PRIMARY KEY (form, key)
);
-- Ciphertext does not compress, and megabytes of entries are written once and deleted.
ALTER TABLE avow.approved_item ALTER sealed SET STORAGE EXTERNAL;
ALTER TABLE avow.staged_batch ALTER entries SET STORAGE EXTERNAL, ALTER sealed_content SET STORAGE EXTERNAL;
ALTER TABLE avow.content_bundle ALTER lines SET STORAGE EXTERNAL;
ALTER TABLE avow.kept_opening ALTER sealed SET STORAGE EXTERNAL;
ALTER TABLE avow.pending_act ALTER sealed SET STORAGE EXTERNAL;
ALTER TABLE avow.approval_evidence ALTER sealed SET STORAGE EXTERNAL;
-- Statistics are copies of values, and would keep what is erased here.
ALTER TABLE avow.content_text ALTER body SET STATISTICS 0;
ALTER TABLE avow.content_bundle ALTER lines SET STATISTICS 0;
ALTER TABLE avow.raised_part ALTER sealed SET STATISTICS 0;
ALTER TABLE avow.pending_act ALTER sealed SET STATISTICS 0;
ALTER TABLE avow.staged_batch ALTER sealed_content SET STATISTICS 0;
-- Not the hours: the publisher draws them, so that a desk that was taken over cannot send one statement out alone.
GRANT INSERT (case_id, kind, centre, recipient_hash, sealed) ON avow.approved_item TO avow_desk;
GRANT SELECT ON avow.publisher_recipient TO avow_desk;
GRANT SELECT (first_index, size, sealed) ON avow.approval_evidence TO avow_desk;
GRANT INSERT ON avow.signed_audit TO avow_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON avow.approved_item, avow.import_manifest,
  avow.imported_statement, avow.refused_item, avow.publisher_recipient,
  avow.public_centres, avow.log_state, avow.staged_batch, avow.event_queue, avow.announced, avow.kept_out, avow.tally_part, avow.content_bundle,
  avow.content_text, avow.kept_opening, avow.approval_evidence, avow.visible_group, avow.receipt_fate, avow.leaf_state,
  avow.flagged_range, avow.pending_act, avow.refused_act, avow.act_recipient, avow.raised_part, avow.erasure, avow.rebuilt_leaf,
  avow.signed_audit TO avow_publisher;
-- What the desk may know of the hand-over: which of its own cases wait under a recipient that is gone.
CREATE VIEW avow.waiting_item WITH (security_barrier) AS
  SELECT case_id, centre, recipient_hash FROM avow.approved_item
  WHERE state = 'waiting' AND kind = 'desk' AND centre = current_setting('avow.centre', true);
GRANT SELECT ON avow.waiting_item TO avow_desk;
-- Only what nobody can open any more is replaced; what the publisher can open is as two people left it.
CREATE FUNCTION avow.reseal_item(of_case bytea, to_recipient bytea, new_sealed bytea) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE avow.approved_item SET sealed = new_sealed, recipient_hash = to_recipient
  WHERE case_id = of_case AND state = 'waiting' AND kind = 'desk'
    AND centre = current_setting('avow.centre', true)
    AND EXISTS (SELECT 1 FROM avow.publisher_recipient p WHERE p.recipient_hash = to_recipient AND p.current)
    AND NOT EXISTS (SELECT 1 FROM avow.publisher_recipient p
      WHERE p.recipient_hash = avow.approved_item.recipient_hash AND p.current)
  RETURNING true $$;
-- The end of cases: state, outcome, and the ciphertext nobody needs any more. A receipt that has its declaration forgets
-- its envelope: the rows would say for ever which entries came together, shown or not, and on which day.
CREATE FUNCTION avow.close_cases(of_cases bytea[], outcome text, outcome_code text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE avow."case" SET state = outcome, code = outcome_code WHERE id = ANY(of_cases) AND state = 'approved';
  DELETE FROM avow.draft WHERE case_id = ANY(of_cases);
  DELETE FROM avow.proposal WHERE case_id = ANY(of_cases);
  DELETE FROM avow.receipt r USING avow.envelope e, avow.kept_opening k
    WHERE e.case_id = ANY(of_cases) AND r.envelope = e.id AND k.lookup_hash = r.lookup_hash;
  UPDATE avow.envelope SET sealed = '' WHERE case_id = ANY(of_cases) $$;
-- A case that the publisher could not take goes back to its centre; nothing of it is lost.
CREATE FUNCTION avow.return_case(of_case bytea, reason_code text) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE avow."case" SET state = 'returned',
    taken_by = (SELECT proposed_by FROM avow.proposal WHERE case_id = of_case)
  WHERE id = of_case AND state = 'approved';
  UPDATE avow.proposal SET returned_code = reason_code, approved_signature = NULL
  WHERE case_id = of_case AND approved_signature IS NOT NULL $$;
-- One hash in, one row out, always: unknown receipts answer like known ones. What a receipt sees and acts upon.
-- The column pending counts its acts that wait; an act signs the seq after them.
CREATE FUNCTION avow.receipt_view(hash bytea, OUT state text, OUT code text, OUT idx bigint, OUT leaf bytea,
    OUT leaf_hash bytea, OUT seq integer, OUT rekeyed boolean, OUT author_salt bytea, OUT withdrawn boolean,
    OUT confirmed boolean, OUT pending integer, OUT kept bytea, OUT refused text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(CASE WHEN k.idx IS NOT NULL AND s.withdrawn THEN 'withdrawn'
                       WHEN k.idx IS NOT NULL THEN 'published'
                       WHEN k.lookup_hash IS NOT NULL THEN 'forgotten'
                       WHEN f.fate = 'withdrawn' THEN 'withdrawn-before'
                       WHEN c.state = 'published' THEN 'rejected' -- the case went out without this person
                       WHEN c.state IS NOT NULL THEN c.state
                       WHEN e.id IS NOT NULL THEN 'waiting' END, 'unknown'),
         c.code, k.idx, coalesce(s.leaf, k.leaf), sha256('\\x00'::bytea || k.leaf), coalesce(s.seq, 0),
         s.rekeyed IS NOT NULL, s.author_salt, coalesce(s.withdrawn, false), coalesce(s.confirmed, false),
         (SELECT count(*)::integer FROM avow.pending_act p WHERE p.lookup_hash = hash)
           -- Carried out and not yet in the log: the state above does not know it either.
           + (SELECT count(*)::integer FROM avow.event_queue q WHERE k.idx IS NOT NULL
              AND q.body LIKE E'%\\nindex ' || k.idx || E'\\n%\\nby author-signed %'), k.sealed, k.refused
  FROM (SELECT 1) one
  LEFT JOIN avow.receipt r ON r.lookup_hash = hash
  LEFT JOIN avow.envelope e ON e.id = r.envelope
  LEFT JOIN avow."case" c ON c.id = e.case_id
  LEFT JOIN avow.receipt_fate f ON f.lookup_hash = hash
  LEFT JOIN avow.kept_opening k ON k.lookup_hash = hash
  LEFT JOIN avow.leaf_state s ON s.idx = k.idx $$;
-- Durable once it returns. A receipt cannot fill the table: a ninth act waits until one of the eight is done.
CREATE FUNCTION avow.submit_act(hash bytea, act_id bytea, sealed_act bytea, act_urgency text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM avow.kept_opening k WHERE k.lookup_hash = hash AND k.idx IS NOT NULL) THEN
    RETURN 'unknown';
  END IF;
  IF EXISTS (SELECT 1 FROM avow.pending_act p WHERE p.id = act_id) THEN RETURN 'known'; END IF;
  IF (SELECT count(*) FROM avow.pending_act p WHERE p.lookup_hash = hash) >= 8 THEN RETURN 'full'; END IF;
  UPDATE avow.kept_opening k SET refused = NULL WHERE k.lookup_hash = hash AND k.refused IS NOT NULL;
  INSERT INTO avow.pending_act (id, lookup_hash, sealed, urgency)
    VALUES (act_id, hash, sealed_act, act_urgency) ON CONFLICT DO NOTHING;
  RETURN CASE WHEN FOUND THEN 'accepted' ELSE 'known' END;
END $$;
CREATE FUNCTION avow.act_recipient() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT note FROM avow.act_recipient $$;
-- Deletes what is only the receipt's. The hash stays, so that nobody files another statement under it.
CREATE FUNCTION avow.forget_receipt(hash bytea) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE avow.kept_opening k SET idx = NULL, leaf = NULL, sealed = NULL, refused = NULL WHERE k.lookup_hash = hash AND k.idx IS NOT NULL;
  IF FOUND THEN
    INSERT INTO avow.erasure (idx, stage) VALUES (-1, 'logged') ON CONFLICT DO NOTHING;
    RETURN 'forgotten';
  END IF;
  IF EXISTS (SELECT 1 FROM avow.kept_opening k WHERE k.lookup_hash = hash) THEN RETURN 'forgotten'; END IF;
  RETURN CASE WHEN EXISTS (SELECT 1 FROM avow.receipt r WHERE r.lookup_hash = hash) THEN 'unpublished' ELSE 'unknown' END;
END $$;
-- Between this and the publisher exactly one wins: both insert the same key, and each statement here sees what was
-- committed before it. An envelope of one person goes at once; in a group the person is marked, for desk and publisher.
CREATE FUNCTION avow.withdraw_unpublished(hash bytea) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  of_envelope bytea;
  of_case bytea;
  is_alone boolean;
  case_state text;
BEGIN
  SELECT r.envelope, r.alone INTO of_envelope, is_alone FROM avow.receipt r WHERE r.lookup_hash = hash;
  IF of_envelope IS NOT NULL THEN
    INSERT INTO avow.receipt_fate (lookup_hash, fate) VALUES (hash, 'withdrawn') ON CONFLICT DO NOTHING;
  END IF;
  IF EXISTS (SELECT 1 FROM avow.kept_opening k WHERE k.lookup_hash = hash AND k.idx IS NOT NULL) THEN
    DELETE FROM avow.receipt_fate f WHERE f.lookup_hash = hash AND f.fate = 'withdrawn';
    RETURN 'published';
  END IF;
  IF of_envelope IS NULL THEN RETURN 'unknown'; END IF;
  IF EXISTS (SELECT 1 FROM avow.receipt_fate f WHERE f.lookup_hash = hash AND f.fate = 'staged') THEN
    RETURN 'published';
  END IF;
  SELECT e.case_id INTO of_case FROM avow.envelope e WHERE e.id = of_envelope FOR UPDATE;
  SELECT c.state INTO case_state FROM avow."case" c WHERE c.id = of_case FOR UPDATE;
  IF case_state IN ('published','rejected') THEN
    DELETE FROM avow.receipt_fate f WHERE f.lookup_hash = hash AND f.fate = 'withdrawn';
    RETURN 'ended';
  END IF;
  IF is_alone THEN
    INSERT INTO avow.erasure (idx, stage) VALUES (-1, 'logged') ON CONFLICT DO NOTHING;
    UPDATE avow.envelope SET sealed = '' WHERE id = of_envelope;
    IF NOT EXISTS (SELECT 1 FROM avow.envelope e WHERE e.case_id = of_case AND e.sealed <> '') THEN
      DELETE FROM avow.approved_item WHERE case_id = of_case AND state = 'waiting';
      DELETE FROM avow.draft WHERE case_id = of_case;
      DELETE FROM avow.proposal WHERE case_id = of_case;
      UPDATE avow."case" SET state = 'withdrawn-before', taken_by = NULL WHERE id = of_case;
    END IF;
  END IF;
  RETURN 'withdrawn';
END $$;
-- Whom of its cases the centre must leave out, by envelope and place in it; never who they are or what receipt they hold.
CREATE VIEW avow.withdrawn_person WITH (security_barrier) AS
  SELECT e.case_id, r.envelope, r.person FROM avow.receipt_fate f
  JOIN avow.receipt r ON r.lookup_hash = f.lookup_hash JOIN avow.envelope e ON e.id = r.envelope
  WHERE f.fate = 'withdrawn' AND e.centre = current_setting('avow.centre', true);
GRANT SELECT ON avow.withdrawn_person TO avow_desk;
REVOKE ALL ON FUNCTION avow.reseal_item, avow.close_cases, avow.return_case, avow.receipt_view,
  avow.submit_act, avow.act_recipient, avow.forget_receipt, avow.withdraw_unpublished FROM PUBLIC;
GRANT EXECUTE ON FUNCTION avow.reseal_item TO avow_desk;
GRANT EXECUTE ON FUNCTION avow.close_cases, avow.return_case TO avow_publisher;
GRANT EXECUTE ON FUNCTION avow.receipt_view, avow.submit_act, avow.act_recipient,
  avow.forget_receipt, avow.withdraw_unpublished TO avow_intake;
`,
  },
]
