#include "catalog/migrations.h"

/* Marks a SQLite file as ours ("VgLu"), see
 * https://www.sqlite.org/pragma.html#pragma_application_id */
enum { APPLICATION = 0x56674c75 };

/* Never changed once released: a new version is a new row. UUIDs are 16 bytes, times microseconds
 * since the Unix epoch. `ref` numbers are private to the database: rows that come by the million
 * name their camera by one byte instead of sixteen. */
static const char *const migrations[] = {
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

    /* 26: households with a camera of their own; of one that was revoked nothing is left but that
       it was */
    ("CREATE TABLE households ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, village TEXT NOT NULL,"
     "  latitude REAL NOT NULL, longitude REAL NOT NULL, view TEXT NOT NULL,"
     "  heading INTEGER NOT NULL, days_kept INTEGER NOT NULL, pin_us INTEGER NOT NULL,"
     "  asked_us INTEGER NOT NULL, agreed_by BLOB, name TEXT NOT NULL, phone TEXT NOT NULL,"
     "  added_us INTEGER NOT NULL, revoked_us INTEGER NOT NULL, revoked_by BLOB, key BLOB UNIQUE,"
     "  photo_type TEXT NOT NULL, photo_bytes INTEGER NOT NULL, photo_sha256 BLOB NOT NULL"
     ") STRICT;"),
    /* 27: cases, what they gather, and how they came to be what they are */
    ("CREATE TABLE cases ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, year INTEGER NOT NULL,"
     "  seq INTEGER NOT NULL, key BLOB UNIQUE, opened_us INTEGER NOT NULL, opened_by BLOB,"
     "  kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, state_us INTEGER NOT NULL,"
     "  outcome TEXT NOT NULL, document TEXT NOT NULL, answer TEXT NOT NULL, assignee BLOB,"
     "  location BLOB, has_place INTEGER NOT NULL, latitude REAL NOT NULL,"
     "  longitude REAL NOT NULL, where_text TEXT NOT NULL, from_us INTEGER NOT NULL,"
     "  to_us INTEGER NOT NULL, footage_us INTEGER NOT NULL, overdue_us INTEGER NOT NULL,"
     "  revision INTEGER NOT NULL, UNIQUE (year, seq)"
     ") STRICT;"
     "CREATE TABLE case_reports ("
     "  report INTEGER PRIMARY KEY REFERENCES reports(ref),"
     "  of_case INTEGER NOT NULL REFERENCES cases(ref)"
     ") STRICT;"
     "CREATE INDEX case_reports_by_case ON case_reports(of_case);"
     "CREATE TABLE case_items ("
     "  of_case INTEGER NOT NULL REFERENCES cases(ref), n INTEGER NOT NULL, kind TEXT NOT NULL,"
     "  at_us INTEGER NOT NULL, by_whom BLOB, body TEXT NOT NULL, removed_us INTEGER NOT NULL,"
     "  removed_by BLOB, PRIMARY KEY (of_case, n)"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE case_history ("
     "  ref INTEGER PRIMARY KEY, of_case INTEGER NOT NULL REFERENCES cases(ref),"
     "  at_us INTEGER NOT NULL, by_whom BLOB, what TEXT NOT NULL, was TEXT NOT NULL,"
     "  becomes TEXT NOT NULL, reason TEXT NOT NULL"
     ") STRICT;"
     "CREATE INDEX case_history_by_case ON case_history(of_case, ref);"),

    /* 28: evidence packages, and each copy of one */
    ("CREATE TABLE packages ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, year INTEGER NOT NULL,"
     "  seq INTEGER NOT NULL, case_number TEXT NOT NULL, reason TEXT NOT NULL,"
     "  approval TEXT NOT NULL, asker_role TEXT NOT NULL, cameras TEXT NOT NULL,"
     "  from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, asked_by BLOB,"
     "  asked_us INTEGER NOT NULL, key BLOB UNIQUE, state TEXT NOT NULL, trouble TEXT NOT NULL,"
     "  words TEXT NOT NULL, decider_role TEXT NOT NULL, decided_by BLOB,"
     "  decided_us INTEGER NOT NULL, approved INTEGER NOT NULL, manifest TEXT NOT NULL,"
     "  made_us INTEGER NOT NULL, bytes INTEGER NOT NULL, gaps INTEGER NOT NULL,"
     "  gap_us INTEGER NOT NULL, UNIQUE (year, seq)"
     ") STRICT;"
     "CREATE TABLE package_copies ("
     "  package INTEGER NOT NULL REFERENCES packages(ref), n INTEGER NOT NULL,"
     "  receiver TEXT NOT NULL, medium TEXT NOT NULL, handed_by BLOB, at_us INTEGER NOT NULL,"
     "  until_us INTEGER NOT NULL, downloads_most INTEGER NOT NULL, downloads INTEGER NOT NULL,"
     "  secret BLOB NOT NULL, ended_us INTEGER NOT NULL, PRIMARY KEY (package, n)"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX package_copies_by_secret ON package_copies(secret);"),

    /* 29: footage that is held for a case, and the two persons who release it */
    ("CREATE TABLE case_holds ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
     "  of_case INTEGER NOT NULL REFERENCES cases(ref), at_us INTEGER NOT NULL, by_whom BLOB,"
     "  until_us INTEGER NOT NULL, reason TEXT NOT NULL, approved_us INTEGER NOT NULL,"
     "  approved_by BLOB, asked_us INTEGER NOT NULL, asked_by BLOB, ask_reason TEXT NOT NULL,"
     "  released_us INTEGER NOT NULL, released_by BLOB"
     ") STRICT;"
     "CREATE INDEX case_holds_by_case ON case_holds(of_case);"
     "CREATE TABLE case_hold_spans ("
     "  ref INTEGER PRIMARY KEY, hold INTEGER NOT NULL REFERENCES case_holds(ref),"
     "  camera BLOB NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX case_hold_spans_by_hold ON case_hold_spans(hold);"),

    /* 30: what households are asked for, what they gave, and who looked at it */
    ("CREATE TABLE household_requests ("
     "  ref INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, case_number TEXT NOT NULL,"
     "  latitude REAL NOT NULL, longitude REAL NOT NULL, radius_m INTEGER NOT NULL,"
     "  from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, what TEXT NOT NULL, unit TEXT NOT NULL,"
     "  deadline_us INTEGER NOT NULL, made_us INTEGER NOT NULL, made_by BLOB"
     ") STRICT;"
     "CREATE TABLE household_asks ("
     "  ref INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES household_requests(ref),"
     "  id BLOB NOT NULL UNIQUE, household BLOB NOT NULL, secret BLOB NOT NULL,"
     "  declined_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX household_asks_by_request ON household_asks(request);"
     "CREATE TABLE household_files ("
     "  ref INTEGER PRIMARY KEY, ask INTEGER NOT NULL REFERENCES household_asks(ref),"
     "  id BLOB NOT NULL UNIQUE, key BLOB, n INTEGER NOT NULL, type TEXT NOT NULL,"
     "  bytes INTEGER NOT NULL, got INTEGER NOT NULL, begun_us INTEGER NOT NULL,"
     "  done_us INTEGER NOT NULL, withdrawn_us INTEGER NOT NULL, evidence_us INTEGER NOT NULL,"
     "  sha256 BLOB NOT NULL, UNIQUE (ask, n)"
     ") STRICT;"
     "CREATE TABLE household_looks ("
     "  ref INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES household_files(ref),"
     "  at_us INTEGER NOT NULL, who BLOB, role TEXT NOT NULL"
     ") STRICT;"
     "CREATE INDEX household_looks_by_file ON household_looks(file);"),

    /* 31: how high above the ground a camera stands; 0: not known */
    "ALTER TABLE cameras ADD COLUMN height_cm INTEGER NOT NULL DEFAULT 0;",

    /* 32: what whoever told a report wishes for what is kept of it, and what was erased of it */
    ("ALTER TABLE reports ADD COLUMN wishes INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE reports ADD COLUMN wished_us INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE reports ADD COLUMN wish_due_us INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE reports ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE reports ADD COLUMN erased_us INTEGER NOT NULL DEFAULT 0;"
     "CREATE INDEX reports_erased ON reports(erased) WHERE erased > 0;"),

    /* 33: redacted copies that go along with a package */
    "ALTER TABLE packages ADD COLUMN redactions TEXT NOT NULL DEFAULT '';",

    /* 34: a package may be a negative certificate: of which regions, and what came of it */
    ("ALTER TABLE packages ADD COLUMN regions TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE packages ADD COLUMN verdict TEXT NOT NULL DEFAULT '';"),

    /* 35: what pictures of reports take, kept as they come and go: a sum over all of them would be
     * read on the writer's thread for each. */
    ("CREATE TABLE file_totals (what TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;"
     "INSERT INTO file_totals SELECT 'reports', coalesce(sum(bytes), 0) FROM report_files;"
     "CREATE TRIGGER report_file_added AFTER INSERT ON report_files BEGIN"
     " UPDATE file_totals SET bytes = bytes + NEW.bytes WHERE what = 'reports'; END;"
     "CREATE TRIGGER report_file_gone AFTER DELETE ON report_files BEGIN"
     " UPDATE file_totals SET bytes = bytes - OLD.bytes WHERE what = 'reports'; END;"),

    /* 36: the site's own criteria for a good month, and what was judged of them by hand */
    ("CREATE TABLE criteria ("
     "  id BLOB PRIMARY KEY, text TEXT NOT NULL, figure TEXT NOT NULL, compare TEXT NOT NULL,"
     "  threshold REAL NOT NULL, created_us INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE criterion_marks ("
     "  criterion BLOB NOT NULL REFERENCES criteria(id), month TEXT NOT NULL,"
     "  met INTEGER NOT NULL, note TEXT NOT NULL, by BLOB, at_us INTEGER NOT NULL,"
     "  PRIMARY KEY (criterion, month)"
     ") STRICT, WITHOUT ROWID;"),

    /* 37: a copy may be on a stick: the number of its seal, and what was read back */
    ("ALTER TABLE package_copies ADD COLUMN seal TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE package_copies ADD COLUMN hash TEXT NOT NULL DEFAULT '';"),

    /* 38: parts of pictures that are shown to nobody, and who saw them for some minutes all the
     * same. Cameras by id: a mask outlives whatever the catalog is made anew from. */
    ("CREATE TABLE masks ("
     "  id BLOB PRIMARY KEY, camera BLOB NOT NULL, name TEXT NOT NULL, points TEXT NOT NULL,"
     "  since_us INTEGER NOT NULL, by BLOB, asked_us INTEGER NOT NULL, asked_by BLOB,"
     "  ask_reason TEXT NOT NULL, until_us INTEGER NOT NULL, until_by BLOB"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE mask_liftings ("
     "  id BLOB PRIMARY KEY, camera BLOB NOT NULL, by BLOB, reason TEXT NOT NULL,"
     "  minutes INTEGER NOT NULL, asked_us INTEGER NOT NULL, decided_us INTEGER NOT NULL,"
     "  decided_by BLOB, words TEXT NOT NULL, approved INTEGER NOT NULL,"
     "  until_us INTEGER NOT NULL, ended_by BLOB"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX mask_liftings_by_time ON mask_liftings(asked_us);"),

    /* 39: files of households go along with packages, and the households see it */
    ("CREATE TABLE package_given ("
     "  package INTEGER NOT NULL REFERENCES packages(ref), n INTEGER NOT NULL,"
     "  file BLOB NOT NULL, PRIMARY KEY (package, n)"
     ") STRICT, WITHOUT ROWID;"
     "ALTER TABLE household_looks ADD COLUMN act TEXT NOT NULL DEFAULT 'look';"
     "ALTER TABLE household_looks ADD COLUMN package TEXT NOT NULL DEFAULT '';"),

    /* 40: a package may be asked for with what lies under privacy masks */
    "ALTER TABLE packages ADD COLUMN unmasked INTEGER NOT NULL DEFAULT 0;",

    /* 41: what the auditor judged of marks of the audit log */
    ("CREATE TABLE mark_judgements ("
     "  mark TEXT PRIMARY KEY, kind TEXT NOT NULL, actor TEXT NOT NULL, object TEXT NOT NULL,"
     "  first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, misuse INTEGER NOT NULL,"
     "  note TEXT NOT NULL, by BLOB, at_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"),
};

int migrations_newest(void)
{
    return (int)G_N_ELEMENTS(migrations);
}

static bool pragma_int(CatalogDb *db, const char *sql, int64_t *value, GError **error)
{
    g_auto(Query) query = query_begin(db, sql);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    *value = column_int(&query, 0);
    return true;
}

bool migrations_version(CatalogDb *db, int *version, GError **error)
{
    int64_t application, tables, number;
    if (!pragma_int(db, "PRAGMA application_id", &application, error) ||
        !pragma_int(db, "SELECT count(*) FROM sqlite_schema", &tables, error) ||
        !pragma_int(db, "PRAGMA user_version", &number, error))
        return false;
    if (application != APPLICATION && tables > 0)
        return err_set(error, ERR_CORRUPT,
                       "a SQLite database of some other program: move it out of the data folder");
    *version = (int)number;
    return true;
}

static bool migrate(CatalogDb *db, int to, GError **error)
{
    g_autofree char *sql = g_strdup_printf(
        "BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
        migrations[to - 1], APPLICATION, to);
    if (db_exec(db, sql, error))
        return true;
    if (!sqlite3_get_autocommit(db->sqlite))
        db_exec(db, "ROLLBACK", NULL);
    g_prefix_error(error, "version %d: ", to);
    return false;
}

bool migrations_run(CatalogDb *db, GError **error)
{
    int version = 0;
    if (!migrations_version(db, &version, error))
        return false;
    if (version > migrations_newest())
        return err_set(error, ERR_VERSION,
                       "the catalog has version %d, this vonglau knows versions up to %d: install "
                       "the newer vonglau that made it, or restore a copy from backup/",
                       version, migrations_newest());
    while (version < migrations_newest())
        if (!migrate(db, ++version, error))
            return false;
    return true;
}
