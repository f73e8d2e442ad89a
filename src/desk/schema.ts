import type { Migration } from '../postgres/migrate.ts'

/**
 * Everything a volunteer writes is an age file to the centre. Clear are the columns product.md lists, and who did what on
 * which day. Row-level security shows a request only its own centre; unset means no rows.
 * What passes between roles are functions that run as the owner and answer one hash or one case.
 */
export const migrations: readonly Migration[] = [
  {
    id: 'desk-001',
    sql: `
CREATE TABLE avow."case" (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  centre text NOT NULL,
  line text NOT NULL,
  channel text NOT NULL,
  language text NOT NULL,
  day date NOT NULL,
  size_class integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN
    ('waiting','taken','proposed','returned','approved','published','rejected','withdrawn-before')),
  code text,
  taken_by text,
  fingerprint bytea,
  -- For one volunteer, or for those who decide what nobody else could: until somebody has taken it.
  handed_to text,
  escalated text,
  CHECK (state <> 'taken' OR taken_by IS NOT NULL),
  CHECK (handed_to IS NULL OR escalated IS NULL)
);
CREATE INDEX case_queue ON avow."case" (centre, state, day, id);
-- A queue in which the channels take turns: each one's oldest is found without walking over the others.
CREATE INDEX case_turns ON avow."case" (centre, channel, day, id)
  WHERE state = 'waiting' AND handed_to IS NULL AND escalated IS NULL;
CREATE INDEX case_handed ON avow."case" (handed_to, day, id) WHERE handed_to IS NOT NULL;
CREATE INDEX case_escalated ON avow."case" (centre, day, id) WHERE escalated IS NOT NULL;
-- One case at a time: the second of two clicks, tabs or devices loses here.
CREATE UNIQUE INDEX case_in_hand ON avow."case" (taken_by) WHERE state = 'taken';
CREATE TABLE avow.draft (
  case_id bytea PRIMARY KEY REFERENCES avow."case" (id),
  centre text NOT NULL,
  volunteer text NOT NULL,
  sealed bytea NOT NULL
);
CREATE TABLE avow.proposal (
  case_id bytea PRIMARY KEY REFERENCES avow."case" (id),
  centre text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('publish','reject')),
  code text CHECK ((kind = 'reject') = (code IS NOT NULL)),
  proposed_by text NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  signature text NOT NULL CHECK (octet_length(signature) = 88),
  sealed bytea NOT NULL,
  -- Somebody else has read it: from then on it is theirs to decide and no longer its author's to take back.
  opened boolean NOT NULL DEFAULT false,
  returned_code text,
  decided_by text CHECK (decided_by <> proposed_by),
  approved_signature text CHECK (octet_length(approved_signature) = 88),
  CHECK ((approved_signature IS NOT NULL) = (decided_by IS NOT NULL AND returned_code IS NULL))
);
-- What one person says to the next about a case. It goes with the case.
CREATE TABLE avow.note (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  case_id bytea NOT NULL REFERENCES avow."case" (id) ON DELETE CASCADE,
  centre text NOT NULL,
  volunteer text NOT NULL,
  day date NOT NULL,
  sealed bytea NOT NULL
);
CREATE INDEX note_of_case ON avow.note (case_id);
-- Who must not see a case again, by their own word. Nothing takes it back.
CREATE TABLE avow.recusal (
  case_id bytea NOT NULL REFERENCES avow."case" (id) ON DELETE CASCADE,
  centre text NOT NULL,
  volunteer text NOT NULL,
  PRIMARY KEY (case_id, volunteer)
);
CREATE FUNCTION avow.end_notes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$ BEGIN
  DELETE FROM avow.note WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION avow.end_notes FROM PUBLIC;
-- Whoever ends a case, desk, publisher or its own sender, ends its notes.
CREATE TRIGGER case_ends AFTER UPDATE OF state ON avow."case" FOR EACH ROW
  WHEN (NEW.state IN ('published', 'rejected', 'withdrawn-before')) EXECUTE FUNCTION avow.end_notes();
-- Who did what on which day. Each row carries the hash of the one before it in its centre (docs/formats/desk-audit.md).
CREATE TABLE avow.audit (
  centre text NOT NULL,
  place integer NOT NULL CHECK (place >= 0),
  day date NOT NULL,
  volunteer text NOT NULL,
  act text NOT NULL,
  case_id bytea,
  previous bytea NOT NULL CHECK (octet_length(previous) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (centre, place)
);
CREATE TABLE avow.audit_head (
  centre text PRIMARY KEY,
  place integer NOT NULL,
  hash bytea NOT NULL
) WITH (fillfactor = 20);
CREATE FUNCTION avow.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the audit is only written to';
END $$;
REVOKE ALL ON FUNCTION avow.refuse_change FROM PUBLIC;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON avow.audit
  FOR EACH STATEMENT EXECUTE FUNCTION avow.refuse_change();
CREATE INDEX audit_of_case ON avow.audit (case_id) WHERE case_id IS NOT NULL;
ALTER TABLE avow."case" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.draft ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.proposal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.recusal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.audit_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE avow.audit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON avow."case" TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON avow.draft TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON avow.proposal TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON avow.audit TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_reads ON avow.audit FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY owner_adds ON avow.audit FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY owner_all ON avow.audit_head TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON avow.note TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON avow.recusal TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own_centre ON avow."case" TO avow_desk
  USING (centre = current_setting('avow.centre', true)) WITH CHECK (centre = current_setting('avow.centre', true));
CREATE POLICY own_centre ON avow.draft TO avow_desk
  USING (centre = current_setting('avow.centre', true)) WITH CHECK (centre = current_setting('avow.centre', true));
CREATE POLICY own_centre ON avow.proposal TO avow_desk
  USING (centre = current_setting('avow.centre', true)) WITH CHECK (centre = current_setting('avow.centre', true));
CREATE POLICY own_centre ON avow.note TO avow_desk
  USING (centre = current_setting('avow.centre', true)) WITH CHECK (centre = current_setting('avow.centre', true));
CREATE POLICY own_centre ON avow.recusal TO avow_desk
  USING (centre = current_setting('avow.centre', true)) WITH CHECK (centre = current_setting('avow.centre', true));
CREATE POLICY own_centre ON avow.audit FOR SELECT TO avow_desk
  USING (centre = current_setting('avow.centre', true));
CREATE POLICY own_centre ON avow.audit_head FOR SELECT TO avow_desk
  USING (centre = current_setting('avow.centre', true));
GRANT SELECT, INSERT, UPDATE ON avow."case" TO avow_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON avow.draft, avow.proposal TO avow_desk;
GRANT SELECT, INSERT ON avow.note, avow.recusal TO avow_desk;
GRANT SELECT ON avow.audit, avow.audit_head TO avow_desk;
-- The one way into the audit. The head's row lock, held to the end of the transaction, keeps two requests from following
-- the same row; a request writes here last of all, so that it holds the lock for a commit and no longer.
CREATE FUNCTION avow.append_audit(on_day date, by_volunteer text, of_act text, of_case bytea) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  of_centre text := current_setting('avow.centre');
  head avow.audit_head;
  next_place integer;
  next_hash bytea;
BEGIN
  INSERT INTO avow.audit_head VALUES (of_centre, -1, decode(repeat('00', 32), 'hex'))
    ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT head FROM avow.audit_head h WHERE h.centre = of_centre FOR UPDATE;
  next_place := head.place + 1;
  next_hash := sha256(convert_to(concat_ws(chr(10), 'avow/desk-audit/v1', 'centre ' || of_centre,
    'place ' || next_place, 'day ' || to_char(on_day, 'YYYY-MM-DD'), 'volunteer ' || by_volunteer,
    'act ' || of_act, 'case ' || coalesce(encode(of_case, 'hex'), '-'),
    'previous ' || encode(head.hash, 'hex'), ''), 'UTF8'));
  INSERT INTO avow.audit VALUES
    (of_centre, next_place, on_day, by_volunteer, of_act, of_case, head.hash, next_hash);
  UPDATE avow.audit_head h SET place = next_place, hash = next_hash WHERE h.centre = of_centre;
END $$;
REVOKE ALL ON FUNCTION avow.append_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION avow.append_audit TO avow_desk;
-- A rejection is the end of a case: two people saw it, and its ciphertext goes with it.
CREATE FUNCTION avow.reject_case(of_case bytea, with_code text, by_volunteer text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH decided AS (
    UPDATE avow."case" c SET state = 'rejected', code = with_code, taken_by = NULL
    WHERE c.id = of_case AND c.state = 'proposed' AND c.centre = current_setting('avow.centre', true)
      AND EXISTS (SELECT 1 FROM avow.proposal p WHERE p.case_id = c.id AND p.proposed_by <> by_volunteer)
    RETURNING c.id),
  drafts AS (DELETE FROM avow.draft WHERE case_id IN (SELECT id FROM decided)),
  proposals AS (DELETE FROM avow.proposal WHERE case_id IN (SELECT id FROM decided)),
  envelopes AS (UPDATE avow.envelope SET sealed = '' WHERE case_id IN (SELECT id FROM decided))
  SELECT true FROM decided $$;
REVOKE ALL ON FUNCTION avow.reject_case FROM PUBLIC;
GRANT EXECUTE ON FUNCTION avow.reject_case TO avow_desk;
-- An envelope that nobody sent, with the secret that proves it: of it nothing stays.
CREATE FUNCTION avow.drop_dummy(of_case bytea, secret bytea) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH dummy AS (
    DELETE FROM avow.envelope e
    WHERE e.case_id = of_case AND e.centre = current_setting('avow.centre', true)
      AND e.id = sha256(convert_to('avow/dummy/v1', 'UTF8') || '\\x0a'::bytea || secret)
      AND EXISTS (SELECT 1 FROM avow."case" c WHERE c.id = of_case AND c.state IN ('waiting', 'taken'))
      AND NOT EXISTS (SELECT 1 FROM avow.note n WHERE n.case_id = of_case)
      AND NOT EXISTS (SELECT 1 FROM avow.envelope o WHERE o.case_id = of_case AND o.id <> e.id)
      AND NOT EXISTS (SELECT 1 FROM avow.proposal p WHERE p.case_id = of_case)
      AND NOT EXISTS (SELECT 1 FROM avow.draft d WHERE d.case_id = of_case)
    RETURNING e.id),
  receipts AS (DELETE FROM avow.receipt WHERE envelope IN (SELECT id FROM dummy)),
  cases AS (DELETE FROM avow."case" WHERE id = of_case AND EXISTS (SELECT 1 FROM dummy))
  SELECT true FROM dummy $$;
REVOKE ALL ON FUNCTION avow.drop_dummy FROM PUBLIC;
GRANT EXECUTE ON FUNCTION avow.drop_dummy TO avow_desk;
`,
  },
]
