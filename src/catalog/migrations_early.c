#include "catalog/migrations_early.h"

const char *const migrations_early[MIGRATIONS_EARLY] = {
    /* 1: the site */
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE locations ("
    "  id BLOB PRIMARY KEY, name TEXT NOT NULL, village TEXT NOT NULL, kind TEXT NOT NULL,"
    "  latitude REAL NOT NULL, longitude REAL NOT NULL, locked INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE cameras ("
    "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    "  location BLOB REFERENCES locations(id), name TEXT NOT NULL, owner TEXT NOT NULL,"
    "  url TEXT NOT NULL, sub_url TEXT, user TEXT, secret TEXT, audio INTEGER NOT NULL,"
    "  paused INTEGER NOT NULL, pause_reason TEXT, retention_days INTEGER NOT NULL,"
    "  retention_bytes INTEGER NOT NULL, locked INTEGER NOT NULL, created_us INTEGER NOT NULL,"
    "  removed_us INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX cameras_by_location ON cameras(location);"

    "CREATE TABLE accounts ("
    "  id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,"
    "  password TEXT NOT NULL, language TEXT NOT NULL, disabled INTEGER NOT NULL,"
    "  created_us INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE sessions ("
    "  hash BLOB PRIMARY KEY, account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
    "  device TEXT NOT NULL, created_us INTEGER NOT NULL, used_us INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX sessions_by_account ON sessions(account);"

    "CREATE TABLE tokens ("
    "  id BLOB PRIMARY KEY, hash BLOB NOT NULL UNIQUE, role TEXT NOT NULL, purpose TEXT NOT NULL,"
    "  created_by BLOB, created_us INTEGER NOT NULL, expires_us INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;",

    /* 2: footage */
    "CREATE TABLE volumes (ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;"

    /* Clustered by camera and file, whose name begins with its time: a camera's day lies together.
     */
    "CREATE TABLE segments ("
    "  camera INTEGER NOT NULL REFERENCES cameras(ref), file TEXT NOT NULL,"
    "  volume INTEGER NOT NULL REFERENCES volumes(ref), stream INTEGER NOT NULL,"
    "  state INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,"
    "  bytes INTEGER NOT NULL, pictures INTEGER NOT NULL, seq INTEGER NOT NULL, codec TEXT,"
    "  width INTEGER NOT NULL, height INTEGER NOT NULL, recovered INTEGER NOT NULL,"
    "  PRIMARY KEY (camera, file, volume)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX segments_by_time ON segments(camera, stream, from_us);"
    "CREATE INDEX segments_unsettled ON segments(state) WHERE state <> 1;"

    /* What a stream's segments on a volume add up to, kept right by the triggers below. */
    "CREATE TABLE usage ("
    "  camera INTEGER NOT NULL REFERENCES cameras(ref) ON DELETE CASCADE,"
    "  volume INTEGER NOT NULL REFERENCES volumes(ref), stream INTEGER NOT NULL,"
    "  segments INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    "  PRIMARY KEY (camera, volume, stream)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER segments_added AFTER INSERT ON segments WHEN new.state <> 2 BEGIN"
    "  INSERT INTO usage VALUES (new.camera, new.volume, new.stream, 1, new.bytes)"
    "    ON CONFLICT DO UPDATE SET segments = segments + 1, bytes = bytes + new.bytes;"
    " END;"
    "CREATE TRIGGER segments_changed AFTER UPDATE OF bytes, state ON segments"
    " WHEN new.bytes <> old.bytes OR new.state <> old.state BEGIN"
    "  UPDATE usage SET segments = segments + (new.state <> 2) - (old.state <> 2),"
    "      bytes = bytes + new.bytes * (new.state <> 2) - old.bytes * (old.state <> 2)"
    "    WHERE camera = new.camera AND volume = new.volume AND stream = new.stream;"
    " END;"
    "CREATE TRIGGER segments_removed AFTER DELETE ON segments WHEN old.state <> 2 BEGIN"
    "  UPDATE usage SET segments = segments - 1, bytes = bytes - old.bytes"
    "    WHERE camera = old.camera AND volume = old.volume AND stream = old.stream;"
    " END;"

    /* Spans (cause NULL) and gaps of a stream. Rows of a stream never overlap. */
    "CREATE TABLE timeline ("
    "  camera INTEGER NOT NULL REFERENCES cameras(ref) ON DELETE CASCADE,"
    "  stream INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, cause TEXT,"
    "  PRIMARY KEY (camera, stream, from_us), CHECK (from_us < to_us)"
    ") STRICT, WITHOUT ROWID;",

    /* 3: where an account or a token may look */
    ("ALTER TABLE accounts ADD COLUMN village TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE tokens ADD COLUMN village TEXT NOT NULL DEFAULT '';"),

    /* 4: the sub stream is recorded too */
    "ALTER TABLE cameras ADD COLUMN record_sub INTEGER NOT NULL DEFAULT 0;",

    /* 5: what was noticed. Camera NULL: the server itself. `to_us` of an open one moves on while it
       is known to go on, so that what a crash left open has an end. */
    ("CREATE TABLE events ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
     "  camera INTEGER REFERENCES cameras(ref) ON DELETE CASCADE,"
     "  kind TEXT NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,"
     "  open INTEGER NOT NULL, detail TEXT, picture_bytes INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX events_by_time ON events(from_us);"
     "CREATE INDEX events_by_camera ON events(camera, from_us);"
     "CREATE INDEX events_open ON events(ref) WHERE open = 1;"
     "CREATE INDEX events_with_picture ON events(from_us) WHERE picture_bytes > 0;"),

    /* 6: the certificate of a camera that people have accepted */
    "ALTER TABLE cameras ADD COLUMN fingerprint TEXT;",

    /* 7: the ONVIF device of a camera; how many connections its host takes */
    ("ALTER TABLE cameras ADD COLUMN onvif TEXT;"
     "ALTER TABLE cameras ADD COLUMN connections INTEGER NOT NULL DEFAULT 0;"),

    /* 8: when a camera is recorded */
    "ALTER TABLE cameras ADD COLUMN schedule TEXT;",

    /* 9: how its pictures are to come */
    "ALTER TABLE cameras ADD COLUMN transport TEXT;",

    /* 10: what is oldest on one of several volumes is found without looking at those of others */
    ("DROP INDEX segments_by_time;"
     "CREATE INDEX segments_by_time ON segments(camera, stream, from_us, volume);"),

    /* 11: a camera whose view is not judged */
    "ALTER TABLE cameras ADD COLUMN view_off INTEGER NOT NULL DEFAULT 0;",

    /* 12: where a camera looks, how wide and how far; a field of view of 0: not known */
    ("ALTER TABLE cameras ADD COLUMN heading_deg INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE cameras ADD COLUMN fov_deg INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE cameras ADD COLUMN reach_m INTEGER NOT NULL DEFAULT 0;"),

    /* 13: repairs, and what is known of a camera as a thing */
    ("CREATE TABLE repairs ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
     "  camera INTEGER NOT NULL REFERENCES cameras(ref), event BLOB, fault TEXT NOT NULL,"
     "  state TEXT NOT NULL, owner TEXT NOT NULL, due TEXT NOT NULL, cost INTEGER NOT NULL,"
     "  funding TEXT NOT NULL, created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL,"
     "  done_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX repairs_by_camera ON repairs(camera, ref);"
     "CREATE TABLE repair_steps ("
     "  ref INTEGER PRIMARY KEY, repair INTEGER NOT NULL REFERENCES repairs(ref),"
     "  at_us INTEGER NOT NULL, who BLOB, changes TEXT NOT NULL, note TEXT NOT NULL"
     ") STRICT;"
     "CREATE INDEX repair_steps_by_repair ON repair_steps(repair, ref);"
     "CREATE TABLE papers ("
     "  camera INTEGER PRIMARY KEY REFERENCES cameras(ref), make TEXT NOT NULL,"
     "  model TEXT NOT NULL, serial TEXT NOT NULL, paid_by TEXT NOT NULL, bought TEXT NOT NULL,"
     "  warranty TEXT NOT NULL, certificate TEXT NOT NULL, sign TEXT NOT NULL, note TEXT NOT NULL"
     ") STRICT;"),

    /* 14: the second factor of an account */
    ("ALTER TABLE accounts ADD COLUMN totp TEXT;"
     "ALTER TABLE accounts ADD COLUMN recovery TEXT;"
     "ALTER TABLE accounts ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;"),

    /* 15: what people think of an event, who and when; few of a kind are found among many */
    ("ALTER TABLE events ADD COLUMN mark TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE events ADD COLUMN marked_by BLOB;"
     "ALTER TABLE events ADD COLUMN marked_us INTEGER NOT NULL DEFAULT 0;"
     "CREATE INDEX events_by_kind ON events(kind, from_us);"
     "CREATE INDEX events_by_mark ON events(mark, from_us) WHERE mark <> '';"),

    /* 16: where a session was begun */
    "ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';",

    /* 17: saved views of the wall */
    ("CREATE TABLE views ("
     "  id BLOB PRIMARY KEY, account BLOB NOT NULL, name TEXT NOT NULL, layout INTEGER NOT NULL,"
     "  turn_s INTEGER NOT NULL, shared INTEGER NOT NULL, places TEXT NOT NULL,"
     "  changed_us INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX views_by_account ON views(account);"),

    /* 18: moments and spans that people want to find again; `words`: the note as it is searched */
    ("CREATE TABLE bookmarks ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
     "  camera INTEGER NOT NULL REFERENCES cameras(ref), from_us INTEGER NOT NULL,"
     "  to_us INTEGER NOT NULL, note TEXT NOT NULL, words TEXT NOT NULL, who BLOB,"
     "  shared INTEGER NOT NULL, created_us INTEGER NOT NULL, changed_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX bookmarks_by_time ON bookmarks(from_us);"),

    /* 19: phones bound to an account, and the sessions begun on them */
    ("CREATE TABLE devices ("
     "  id BLOB PRIMARY KEY, account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
     "  name TEXT NOT NULL, key BLOB NOT NULL, created_us INTEGER NOT NULL,"
     "  seen_us INTEGER NOT NULL, shut_us INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "ALTER TABLE sessions ADD COLUMN enrolled BLOB;"
     "ALTER TABLE sessions ADD COLUMN proven_us INTEGER NOT NULL DEFAULT 0;"),

    /* 20: phones that are told while the app is closed, and what people want to hear */
    ("CREATE TABLE push_subscriptions ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
     "  account BLOB NOT NULL REFERENCES accounts(id), endpoint TEXT NOT NULL UNIQUE,"
     "  point BLOB NOT NULL, auth BLOB NOT NULL, device TEXT NOT NULL,"
     "  created_us INTEGER NOT NULL, delivered_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE TABLE push_choices ("
     "  account BLOB PRIMARY KEY REFERENCES accounts(id), silent TEXT NOT NULL,"
     "  after_s INTEGER NOT NULL, quiet_from INTEGER NOT NULL, quiet_to INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"),

    /* 21: who is on duty: days of the week, and dates that go before them; a date without shifts is
       one on which nobody is. Who wants to be told off duty too. */
    ("CREATE TABLE shift_days (day TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
     "CREATE TABLE shifts ("
     "  day TEXT NOT NULL REFERENCES shift_days(day) ON DELETE CASCADE,"
     "  from_minute INTEGER NOT NULL, to_minute INTEGER NOT NULL,"
     "  account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,"
     "  PRIMARY KEY (day, from_minute, to_minute, account)"
     ") STRICT, WITHOUT ROWID;"
     "ALTER TABLE push_choices ADD COLUMN off_duty INTEGER NOT NULL DEFAULT 0;"),

    /* 22: traces: which cameras saw somebody; a sighting outlives its camera */
    ("CREATE TABLE traces ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL,"
     "  words TEXT NOT NULL, who BLOB, shared INTEGER NOT NULL, created_us INTEGER NOT NULL,"
     "  changed_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX traces_by_change ON traces(changed_us);"
     "CREATE INDEX traces_by_who ON traces(who);"
     "CREATE TABLE sightings ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
     "  trace INTEGER NOT NULL REFERENCES traces(ref) ON DELETE CASCADE, camera BLOB NOT NULL,"
     "  from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, verdict TEXT NOT NULL,"
     "  note TEXT NOT NULL, who BLOB, created_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX sightings_by_trace ON sightings(trace, from_us);"),

    /* 23: browsers in which an account was signed in before */
    ("CREATE TABLE browsers ("
     "  account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, hash BLOB NOT NULL,"
     "  seen_us INTEGER NOT NULL, PRIMARY KEY (account, hash)"
     ") STRICT, WITHOUT ROWID;"),

    /* 24: what people told, and the footage that is held for it; both outlive camera, location and
       account */
    ("CREATE TABLE reports ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, year INTEGER NOT NULL,"
     "  seq INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL,"
     "  told_us INTEGER NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,"
     "  span_words TEXT NOT NULL, location BLOB, has_place INTEGER NOT NULL,"
     "  latitude REAL NOT NULL, longitude REAL NOT NULL, where_text TEXT NOT NULL, camera BLOB,"
     "  text TEXT NOT NULL, vneid TEXT NOT NULL, reporter TEXT NOT NULL, phone TEXT NOT NULL,"
     "  told_by BLOB, secret BLOB NOT NULL, key BLOB UNIQUE, taken_by BLOB, taken_us INTEGER NOT "
     "NULL,"
     "  answer TEXT NOT NULL, answered_us INTEGER NOT NULL, joined INTEGER NOT NULL,"
     "  hold_waits INTEGER NOT NULL, rose_us INTEGER NOT NULL, UNIQUE (year, seq)"
     ") STRICT;"
     "CREATE INDEX reports_by_state ON reports(state, told_us);"
     "CREATE TABLE report_holds ("
     "  ref INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES reports(ref),"
     "  camera BLOB NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL,"
     "  until_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX report_holds_by_report ON report_holds(report);"),

    /* 25: pictures and videos that came with a report */
    ("CREATE TABLE report_files ("
     "  report INTEGER NOT NULL REFERENCES reports(ref), n INTEGER NOT NULL, type TEXT NOT NULL,"
     "  bytes INTEGER NOT NULL, sent_us INTEGER NOT NULL, sha256 BLOB NOT NULL,"
     "  PRIMARY KEY (report, n)"
     ") STRICT, WITHOUT ROWID;"),
};
