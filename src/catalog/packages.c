#include "catalog/packages.h"

#include "catalog/db.h"
#include "catalog/numbers.h"
#include "catalog/packages_certificates.h"

#include <string.h>

static void copy_clear(void *data)
{
    PackageCopyRow *copy = data;
    g_free(copy->receiver);
    g_free(copy->medium);
    g_free(copy->seal);
    g_free(copy->hash);
}

PackageRow *package_row_new(void)
{
    PackageRow *row = g_new0(PackageRow, 1);
    char **const texts[] = {
        &row->case_number, &row->reason,     &row->state,        &row->approval, &row->trouble,
        &row->words,       &row->asker_role, &row->decider_role, &row->manifest, &row->redactions,
        &row->regions,     &row->verdict,    &row->basis};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup("");
    row->cameras = g_array_new(FALSE, FALSE, sizeof(Uuid));
    row->copies = g_array_new(FALSE, TRUE, sizeof(PackageCopyRow));
    g_array_set_clear_func(row->copies, copy_clear);
    row->given = g_array_new(FALSE, TRUE, sizeof(PackageGivenRow));
    row->certificates = g_ptr_array_new_with_free_func((GDestroyNotify)package_row_free);
    return row;
}

void package_row_free(PackageRow *row)
{
    if (!row)
        return;
    g_free(row->case_number);
    g_free(row->reason);
    g_free(row->state);
    g_free(row->approval);
    g_free(row->trouble);
    g_free(row->words);
    g_free(row->asker_role);
    g_free(row->decider_role);
    g_free(row->manifest);
    g_free(row->redactions);
    g_free(row->regions);
    g_free(row->verdict);
    g_free(row->basis);
    g_array_unref(row->cameras);
    g_array_unref(row->copies);
    g_array_unref(row->given);
    g_ptr_array_unref(row->certificates);
    g_free(row);
}

/* ---- writing ---- */

/* Ids by commas. Returns owned. */
static char *cameras_text(const GArray *cameras)
{
    char id[UUID_TEXT];
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < cameras->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "," : "",
                               uuid_text(&g_array_index(cameras, Uuid, i), id));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void cameras_read(const char *text, GArray *cameras)
{
    g_auto(GStrv) ids = g_strsplit(text, ",", -1);
    for (char **id = ids; *id; id++) {
        Uuid camera;
        if (uuid_parse(*id, &camera))
            g_array_append_val(cameras, camera);
    }
}

/* What changes after it was asked for; in the order of both statements below. */
static void bind_course(Query *query, const PackageRow *row)
{
    query_text(query, row->state);
    query_text(query, row->trouble);
    query_text(query, row->words);
    query_text(query, row->decider_role);
    query_uuid(query, &row->decided_by);
    query_int(query, row->decided_us);
    query_int(query, row->approved);
    query_text(query, row->manifest);
    query_int(query, row->made_us);
    query_int(query, row->bytes);
    query_int(query, row->gaps);
    query_int(query, row->gap_us);
    query_text(query, row->verdict);
}

static bool insert(CatalogDb *db, const PackageRow *row, GError **error)
{
    g_autofree char *cameras = cameras_text(row->cameras);
    g_auto(Query) query = query_begin(
        db, "INSERT INTO packages (id, year, seq, case_number, reason, approval, asker_role,"
            " cameras, from_us, to_us, asked_by, asked_us, key, redactions,"
            " state, trouble, words, decider_role, decided_by, decided_us, approved, manifest,"
            " made_us, bytes, gaps, gap_us, verdict, regions, unmasked, basis)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, ?, ?)");
    query_uuid(&query, &row->id);
    query_int(&query, row->year);
    query_int(&query, row->seq);
    query_text(&query, row->case_number);
    query_text(&query, row->reason);
    query_text(&query, row->approval);
    query_text(&query, row->asker_role);
    query_text(&query, cameras);
    query_int(&query, row->from_us);
    query_int(&query, row->to_us);
    query_uuid(&query, &row->by);
    query_int(&query, row->asked_us);
    query_uuid(&query, &row->key);
    query_text(&query, row->redactions);
    bind_course(&query, row);
    query_text(&query, row->regions);
    query_int(&query, row->unmasked);
    query_text(&query, row->basis);
    return query_run(&query, error);
}

bool packages_add(CatalogDb *db, PackageRow *row, GError **error)
{
    if (!numbers_next(db, NUMBERED_PACKAGE, row->year, &row->id, &row->seq, error) ||
        !insert(db, row, error))
        return false;
    g_auto(Query) query = query_begin(db, "SELECT ref FROM packages WHERE id = ?");
    query_uuid(&query, &row->id);
    if (query_next(&query, error) != QUERY_ROW)
        return false;
    row->ref = column_int(&query, 0);
    return packages_given_add(db, row->ref, row->given, error) &&
           packages_certificates_add(db, row->ref, row->certificates, error);
}

bool packages_put(CatalogDb *db, const PackageRow *row, GError **error)
{
    g_auto(Query) query = query_begin(
        db, "UPDATE packages SET state = ?, trouble = ?, words = ?, decider_role = ?,"
            " decided_by = ?, decided_us = ?, approved = ?, manifest = ?, made_us = ?, bytes = ?,"
            " gaps = ?, gap_us = ?, verdict = ? WHERE id = ?");
    bind_course(&query, row);
    query_uuid(&query, &row->id);
    return query_run(&query, error);
}

bool packages_add_copy(CatalogDb *db, const PackageRow *row, PackageCopyRow *copy, GError **error)
{
    g_auto(Query) number =
        query_begin(db, "SELECT coalesce(max(n), 0) + 1 FROM package_copies WHERE package = ?");
    query_int(&number, row->ref);
    if (query_next(&number, error) != QUERY_ROW)
        return false;
    copy->n = (int)column_int(&number, 0);
    g_auto(Query) query = query_begin(
        db, "INSERT INTO package_copies (package, n, receiver, medium, handed_by, at_us,"
            " until_us, downloads_most, downloads, secret, ended_us, seal, hash, key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_int(&query, row->ref);
    query_int(&query, copy->n);
    query_text(&query, copy->receiver);
    query_text(&query, copy->medium);
    query_uuid(&query, &copy->by);
    query_int(&query, copy->at_us);
    query_int(&query, copy->until_us);
    query_int(&query, copy->downloads_most);
    query_int(&query, copy->downloads);
    query_bytes(&query, copy->secret, sizeof copy->secret);
    query_int(&query, copy->ended_us);
    query_text(&query, copy->seal ? copy->seal : "");
    query_text(&query, copy->hash ? copy->hash : "");
    query_uuid(&query, &copy->key);
    return query_run(&query, error);
}

bool packages_put_copy(CatalogDb *db, const PackageRow *row, const PackageCopyRow *copy,
                       GError **error)
{
    g_auto(Query) query =
        query_begin(db, "UPDATE package_copies SET downloads = ?, ended_us = ?, secret = ?"
                        " WHERE package = ? AND n = ?");
    query_int(&query, copy->downloads);
    query_int(&query, copy->ended_us);
    query_bytes(&query, copy->secret, sizeof copy->secret);
    query_int(&query, row->ref);
    query_int(&query, copy->n);
    return query_run(&query, error);
}

/* ---- reading ---- */

#define PACKAGE_COLUMNS                                                                        \
    "SELECT p.ref, p.id, p.year, p.seq, p.case_number, p.reason, p.approval, p.asker_role,"    \
    " p.cameras, p.from_us, p.to_us, p.asked_by, p.asked_us, p.key, p.state, p.trouble,"       \
    " p.words, p.decider_role, p.decided_by, p.decided_us, p.approved, p.manifest, p.made_us," \
    " p.bytes, p.gaps, p.gap_us, p.redactions, p.regions, p.verdict, p.unmasked,"              \
    " EXISTS (SELECT 1 FROM masks m WHERE (m.until_us = 0 OR"                                  \
    "  (m.since_us <= p.to_us AND m.until_us > p.from_us)) AND"                                \
    "  instr(replace(p.cameras, '-', ''), lower(hex(m.camera))) > 0), p.basis FROM packages p "

static void take_text(char **text, const Query *query, int column)
{
    g_free(*text);
    *text = column_text(query, column);
}

static PackageRow *read_row(const Query *query)
{
    PackageRow *row = package_row_new();
    row->ref = column_int(query, 0);
    row->id = column_uuid(query, 1);
    row->year = (int)column_int(query, 2);
    row->seq = (int)column_int(query, 3);
    take_text(&row->case_number, query, 4);
    take_text(&row->reason, query, 5);
    take_text(&row->approval, query, 6);
    take_text(&row->asker_role, query, 7);
    g_autofree char *cameras = column_text(query, 8);
    cameras_read(cameras, row->cameras);
    row->from_us = column_int(query, 9);
    row->to_us = column_int(query, 10);
    row->by = column_uuid(query, 11);
    row->asked_us = column_int(query, 12);
    row->key = column_uuid(query, 13);
    take_text(&row->state, query, 14);
    take_text(&row->trouble, query, 15);
    take_text(&row->words, query, 16);
    take_text(&row->decider_role, query, 17);
    row->decided_by = column_uuid(query, 18);
    row->decided_us = column_int(query, 19);
    row->approved = column_int(query, 20) != 0;
    take_text(&row->manifest, query, 21);
    row->made_us = column_int(query, 22);
    row->bytes = column_int(query, 23);
    row->gaps = column_int(query, 24);
    row->gap_us = column_int(query, 25);
    take_text(&row->redactions, query, 26);
    take_text(&row->regions, query, 27);
    take_text(&row->verdict, query, 28);
    row->unmasked = column_int(query, 29) != 0;
    row->masked = column_int(query, 30) != 0;
    take_text(&row->basis, query, 31);
    return row;
}

/* What goes along; with a certificate nothing does. */
static bool read_along(CatalogDb *db, PackageRow *row, GError **error)
{
    if (*row->regions)
        return true;
    g_autoptr(GArray) given = packages_given_list(db, row->ref, error);
    g_autoptr(GPtrArray) certificates =
        given ? packages_certificates_list(db, row->ref, error) : NULL;
    if (!certificates)
        return false;
    g_array_unref(row->given);
    row->given = g_steal_pointer(&given);
    g_ptr_array_unref(row->certificates);
    row->certificates = g_steal_pointer(&certificates);
    return true;
}

static bool read_copies(CatalogDb *db, PackageRow *row, GError **error)
{
    g_auto(Query) query =
        query_begin(db, "SELECT n, receiver, medium, handed_by, at_us, until_us, downloads_most,"
                        " downloads, secret, ended_us, seal, hash, key FROM package_copies"
                        " WHERE package = ? ORDER BY n");
    query_int(&query, row->ref);
    QueryStep step;
    while ((step = query_next(&query, error)) == QUERY_ROW) {
        PackageCopyRow copy = {.n = (int)column_int(&query, 0),
                               .receiver = column_text(&query, 1),
                               .medium = column_text(&query, 2),
                               .by = column_uuid(&query, 3),
                               .at_us = column_int(&query, 4),
                               .until_us = column_int(&query, 5),
                               .downloads_most = (int)column_int(&query, 6),
                               .downloads = (int)column_int(&query, 7),
                               .ended_us = column_int(&query, 9),
                               .seal = column_text(&query, 10),
                               .hash = column_text(&query, 11),
                               .key = column_uuid(&query, 12)};
        if (!column_bytes(&query, 8, copy.secret, sizeof copy.secret))
            memset(copy.secret, 0, sizeof copy.secret);
        g_array_append_val(row->copies, copy);
    }
    return step == QUERY_END;
}

static PackageRow *get(CatalogDb *db, Query *query, GError **error)
{
    QueryStep step = query_next(query, error);
    g_autoptr(PackageRow) row = step == QUERY_ROW ? read_row(query) : NULL;
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such package");
    query_end(query); /* certificates that go along are got by the same text */
    return row && read_along(db, row, error) && read_copies(db, row, error) ? g_steal_pointer(&row)
                                                                            : NULL;
}

PackageRow *packages_get(CatalogDb *db, const Uuid *id, GError **error)
{
    g_auto(Query) query = query_begin(db, PACKAGE_COLUMNS "WHERE p.id = ?");
    query_uuid(&query, id);
    return get(db, &query, error);
}

PackageRow *packages_get_key(CatalogDb *db, const Uuid *key, GError **error)
{
    g_auto(Query) query = query_begin(db, PACKAGE_COLUMNS "WHERE p.key = ?");
    query_uuid(&query, key);
    return get(db, &query, error);
}

PackageRow *packages_get_number(CatalogDb *db, int year, int seq, GError **error)
{
    g_auto(Query) query = query_begin(db, PACKAGE_COLUMNS "WHERE p.year = ? AND p.seq = ?");
    query_int(&query, year);
    query_int(&query, seq);
    return get(db, &query, error);
}

PackageRow *packages_get_secret(CatalogDb *db, const uint8_t secret[SHA256_BYTES], int *n,
                                GError **error)
{
    g_auto(Query) query = query_begin(
        db, "SELECT p.id, c.n FROM package_copies c JOIN packages p ON p.ref = c.package"
            " WHERE c.secret = ?");
    query_bytes(&query, secret, SHA256_BYTES);
    QueryStep step = query_next(&query, error);
    if (step == QUERY_END)
        err_set(error, ERR_NOT_FOUND, "no such copy");
    if (step != QUERY_ROW)
        return NULL;
    Uuid id = column_uuid(&query, 0);
    *n = (int)column_int(&query, 1);
    return packages_get(db, &id, error);
}

static bool is_asked_for(const PackageQuery *asked, const PackageRow *row)
{
    return (!asked->case_number || strcmp(asked->case_number, row->case_number) == 0) &&
           (!asked->state || strcmp(asked->state, row->state) == 0) &&
           (!asked->may || asked->may(asked->data, row));
}

GPtrArray *packages_list(CatalogDb *db, const PackageQuery *asked, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)package_row_free);
    g_auto(Query) query = query_begin(db, PACKAGE_COLUMNS "WHERE p.ref < ? ORDER BY p.ref DESC");
    query_int(&query, asked->before_ref ? asked->before_ref : INT64_MAX);
    QueryStep step = QUERY_END;
    while (rows->len < asked->limit && (step = query_next(&query, error)) == QUERY_ROW) {
        g_autoptr(PackageRow) row = read_row(&query);
        if (!read_along(db, row, error))
            return NULL;
        if (!is_asked_for(asked, row))
            continue;
        if (!read_copies(db, row, error))
            return NULL;
        g_ptr_array_add(rows, g_steal_pointer(&row));
    }
    return step == QUERY_FAILED ? NULL : g_steal_pointer(&rows);
}
