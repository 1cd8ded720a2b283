#include "catalog/migrations.h"

#include "catalog/migrations_early.h"

/* Marks a SQLite file as ours ("VgLu"), see
 * https://www.sqlite.org/pragma.html#pragma_application_id */
enum { APPLICATION = 0x56674c75 };

/* Never changed once released: a new version is a new row at the end. UUIDs are 16 bytes, times
 * microseconds since the Unix epoch. `ref` numbers are private to the database: rows that come by
 * the million name their camera by one byte instead of sixteen. */
static const char *const migrations[] = {
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

    /* 42: a request to households stands once, and can be withdrawn */
    ("ALTER TABLE household_requests ADD COLUMN key BLOB;"
     "CREATE UNIQUE INDEX household_requests_by_key ON household_requests(key);"
     "ALTER TABLE household_requests ADD COLUMN withdrawn_us INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE household_requests ADD COLUMN withdrawn_by BLOB;"
     "ALTER TABLE household_requests ADD COLUMN withdrawal TEXT NOT NULL DEFAULT '';"),

    /* 43: which household said no is known to its own phone alone */
    "ALTER TABLE household_asks DROP COLUMN declined_us;",

    /* 44: negative certificates of a case go along with its packages */
    ("CREATE TABLE package_certificates ("
     "  package INTEGER NOT NULL REFERENCES packages(ref), n INTEGER NOT NULL,"
     "  certificate INTEGER NOT NULL REFERENCES packages(ref), PRIMARY KEY (package, n)"
     ") STRICT, WITHOUT ROWID;"),

    /* 45: what households give: bytes that are set aside for a file, when its last piece came, and
     * when it was deleted by age. A file that is thrown away leaves no row, and its number is of no
     * other. */
    ("ALTER TABLE household_files ADD COLUMN room INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE household_files ADD COLUMN piece_us INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE household_files ADD COLUMN expired_us INTEGER NOT NULL DEFAULT 0;"
     "UPDATE household_files SET piece_us = begun_us,"
     " room = CASE WHEN done_us > 0 THEN bytes ELSE got END;"
     "ALTER TABLE household_asks ADD COLUMN next_n INTEGER NOT NULL DEFAULT 1;"
     "UPDATE household_asks SET next_n = 1 + coalesce((SELECT max(f.n) FROM household_files f"
     " WHERE f.ask = household_asks.ref), 0);"),

    /* 46: a case asks for the reports that are joined to its own */
    "CREATE INDEX reports_by_joined ON reports(joined) WHERE joined > 0;",

    /* 47: what was taken and left rises from now on, and not all that ever was */
    "UPDATE reports SET rose_us = taken_us WHERE state = 'taken' AND rose_us < taken_us;",

    /* 48: what looks at cameras' devices found: their firmware, and their clocks over time */
    ("CREATE TABLE camera_devices ("
     "  camera INTEGER PRIMARY KEY REFERENCES cameras(ref) ON DELETE CASCADE,"
     "  firmware TEXT NOT NULL, clock_us INTEGER NOT NULL, offset_us INTEGER NOT NULL,"
     "  doubt_us INTEGER NOT NULL"
     ") STRICT;"
     "CREATE TABLE camera_clocks ("
     "  camera INTEGER NOT NULL REFERENCES cameras(ref) ON DELETE CASCADE,"
     "  at_us INTEGER NOT NULL, offset_us INTEGER NOT NULL, doubt_us INTEGER NOT NULL,"
     "  PRIMARY KEY (camera, at_us)"
     ") STRICT, WITHOUT ROWID;"),

    /* 49: a copy of a package whose answer was lost is not handed over twice */
    "ALTER TABLE package_copies ADD COLUMN key BLOB;",

    /* 50: changes that one person asks for and another decides. Cameras by id, as masks */
    ("CREATE TABLE pending_changes ("
     "  id BLOB PRIMARY KEY, camera BLOB, field TEXT NOT NULL, set_to TEXT NOT NULL,"
     "  before TEXT NOT NULL, after TEXT NOT NULL, by BLOB NOT NULL, reason TEXT NOT NULL,"
     "  asked_us INTEGER NOT NULL, outcome INTEGER NOT NULL, ended_us INTEGER NOT NULL,"
     "  ended_by BLOB, words TEXT NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX pending_changes_by_time ON pending_changes(asked_us);"),

    /* 51: by which law a package was asked for */
    "ALTER TABLE packages ADD COLUMN basis TEXT NOT NULL DEFAULT '';",

    /* 52: redacted films that left by themselves, and whom they are for */
    ("CREATE TABLE film_copies ("
     "  id BLOB PRIMARY KEY, year INTEGER NOT NULL, seq INTEGER NOT NULL, camera BLOB NOT NULL,"
     "  from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, receiver TEXT NOT NULL,"
     "  boxes INTEGER NOT NULL, asked_by BLOB, at_us INTEGER NOT NULL, UNIQUE (year, seq)"
     ") STRICT, WITHOUT ROWID;"),
};

int migrations_newest(void)
{
    return MIGRATIONS_EARLY + (int)G_N_ELEMENTS(migrations);
}

static const char *migration(int version)
{
    return version <= MIGRATIONS_EARLY ? migrations_early[version - 1]
                                       : migrations[version - 1 - MIGRATIONS_EARLY];
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
        migration(to), APPLICATION, to);
    if (db_exec(db, sql, error))
        return true;
    if (!sqlite3_get_autocommit(db->sqlite))
        db_exec(db, "ROLLBACK", NULL);
    g_prefix_error(error, "version %d: ", to);
    return false;
}

bool migrations_run_to(CatalogDb *db, int last, GError **error)
{
    int version = 0;
    if (!migrations_version(db, &version, error))
        return false;
    if (version > migrations_newest())
        return err_set(error, ERR_VERSION,
                       "the catalog has version %d, this vonglau knows versions up to %d: install "
                       "the newer vonglau that made it, or restore a copy from backup/",
                       version, migrations_newest());
    while (version < last)
        if (!migrate(db, ++version, error))
            return false;
    return true;
}

bool migrations_run(CatalogDb *db, GError **error)
{
    return migrations_run_to(db, migrations_newest(), error);
}
