#include "casework/evidence_holds.h"

#include "casework/evidence_plan.h"
#include "catalog/accounts.h"
#include "catalog/case_holds.h"
#include "catalog/packages.h"
#include "ledger/chain.h"

#include <string.h>

static void hold_clear(void *data)
{
    EvidenceHold *hold = data;
    package_hold_clear(&hold->hold);
    g_string_free(hold->lines, TRUE);
}

/* ---- in the ledger ---- */

typedef struct Reading {
    const EvidenceHoldsAsked *asked;
    GArray *holds; /* EvidenceHold */
} Reading;

static bool is_asked_for(const EvidenceHoldsAsked *asked, const PackageHoldLine *line)
{
    bool known = false;
    for (size_t i = 0; i < asked->camera_count; i++)
        known |= uuid_equal(&asked->cameras[i], &line->camera);
    return known && line->from_us < asked->to_us && line->to_us > asked->from_us &&
           (line->until_us == 0 || line->until_us > asked->at_us);
}

static EvidenceHold *find(const Reading *reading, const Uuid *id)
{
    for (guint i = reading->holds->len; i-- > 0;) {
        EvidenceHold *hold = &g_array_index(reading->holds, EvidenceHold, i);
        if (uuid_equal(&hold->hold.id, id))
            return hold;
    }
    return NULL;
}

static void add_line(Reading *reading, const PackageHoldLine *line, const char *text)
{
    EvidenceHold *known = find(reading, &line->id);
    if (!known) {
        EvidenceHold hold = {.hold = {.id = line->id,
                                      .since_us = line->utc_us,
                                      .until_us = line->until_us,
                                      .people = g_array_new(FALSE, TRUE, sizeof(PackagePerson))},
                             .object = line->object,
                             .lines = g_string_new(NULL)};
        g_array_set_clear_func(hold.hold.people, package_person_clear);
        g_strlcpy(hold.hold.kind, line->kind, sizeof hold.hold.kind);
        g_array_append_val(reading->holds, hold);
        known = &g_array_index(reading->holds, EvidenceHold, reading->holds->len - 1);
    }
    g_string_append_printf(known->lines, "%s\n", text);
}

static void end_hold(Reading *reading, const ChainLine *line)
{
    g_autofree char *id = NULL;
    LineReader reader = line_reader(line->text, line->size);
    Uuid released;
    line_read_start(&reader, "release");
    line_read_int(&reader, "seq");
    line_read_int(&reader, "utc");
    id = line_read_text(&reader, "id");
    EvidenceHold *hold = id && uuid_parse(id, &released) ? find(reading, &released) : NULL;
    if (hold)
        g_array_remove_index(reading->holds,
                             (guint)(hold - (EvidenceHold *)(void *)reading->holds->data));
}

static bool take_line(void *data, const ChainLine *chained)
{
    Reading *reading = data;
    PackageHoldLine line;
    if (strcmp(chained->head.type, "release") == 0)
        end_hold(reading, chained);
    else if (package_hold_line_read(chained->text, chained->size, &line) &&
             is_asked_for(reading->asked, &line))
        add_line(reading, &line, chained->text);
    return true;
}

/* ---- for whom ---- */

/* Accounts as they are now: what somebody was when they asked for a hold is not kept. */
static void add_person(const GPtrArray *accounts, const char *part, const Uuid *id, int64_t at_us,
                       GArray *people)
{
    const AccountRow *known = NULL;
    for (guint i = 0; i < accounts->len && !known; i++) {
        const AccountRow *row = accounts->pdata[i];
        known = uuid_equal(&row->id, id) ? row : NULL;
    }
    PackagePerson person = {.part = g_strdup(part),
                            .name = g_strdup(known ? known->name : ""),
                            .role = g_strdup(known ? known->role : ""),
                            .id = *id,
                            .at_us = at_us};
    if (uuid_is_nil(id))
        package_person_clear(&person);
    else
        g_array_append_val(people, person);
}

static bool of_case(CatalogDb *db, const GPtrArray *accounts, EvidenceHold *hold, GError **error)
{
    g_autoptr(CaseRow) of = cases_get(db, &hold->object, error);
    g_autoptr(CaseHoldRow) row = of ? case_holds_get(db, of, &hold->hold.id, error) : NULL;
    if (!row)
        return false;
    add_person(accounts, "asked", &row->by, row->at_us, hold->hold.people);
    if (row->approved_us && hold->hold.people->len > 0)
        add_person(accounts, "approved", &row->approved_by, row->approved_us, hold->hold.people);
    return true;
}

static bool of_package(CatalogDb *db, const GPtrArray *accounts, EvidenceHold *hold, GError **error)
{
    g_autoptr(PackageRow) row = packages_get(db, &hold->object, error);
    if (!row)
        return false;
    add_person(accounts, "asked", &row->by, row->asked_us, hold->hold.people);
    if (row->approved && hold->hold.people->len > 0)
        add_person(accounts, "approved", &row->decided_by, row->decided_us, hold->hold.people);
    return true;
}

/* What the server holds for a report by itself nobody has asked for; and whoever told the report is
 * nobody's business. A hold outlives what it was set for, in a catalog that was lost: then nobody
 * is told either. */
static bool tell_people(CatalogDb *db, const GPtrArray *accounts, EvidenceHold *hold,
                        GError **error)
{
    static const struct {
        const char *kind;
        bool (*tell)(CatalogDb *db, const GPtrArray *accounts, EvidenceHold *hold, GError **error);
    } kinds[] = {{"case", of_case}, {"package", of_package}};
    g_autoptr(GError) trouble = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, hold->hold.kind) == 0 &&
            !kinds[i].tell(db, accounts, hold, &trouble) &&
            !g_error_matches(trouble, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return false;
        }
    return true;
}

GArray *evidence_holds(CatalogDb *db, const EvidenceHoldsAsked *asked, GError **error)
{
    g_autofree char *path = g_build_filename(asked->data, "ledger", "holds.jsonl", NULL);
    g_autoptr(GArray) holds = g_array_new(FALSE, TRUE, sizeof(EvidenceHold));
    g_autoptr(GPtrArray) accounts = accounts_list(db, error);
    Reading reading = {asked, holds};
    g_array_set_clear_func(holds, hold_clear);
    if (!accounts || chain_each_readable(path, 0, take_line, &reading, error) < 0)
        return NULL;
    if (holds->len > PACKAGE_HOLDS_MOST)
        g_array_remove_range(holds, 0, holds->len - PACKAGE_HOLDS_MOST);
    for (guint i = 0; i < holds->len; i++)
        if (!tell_people(db, accounts, &g_array_index(holds, EvidenceHold, i), error))
            return NULL;
    return g_steal_pointer(&holds);
}

/* ---- in the package ---- */

void evidence_holds_tell(const EvidenceOrder *order, PackageManifest *manifest)
{
    for (size_t i = 0; i < order->hold_count; i++) {
        const PackageHold *one = &order->holds[i].hold;
        PackageHold hold = *one;
        hold.people = g_array_new(FALSE, TRUE, sizeof(PackagePerson));
        g_array_set_clear_func(hold.people, package_person_clear);
        evidence_people_copy((const PackagePerson *)(const void *)one->people->data,
                             one->people->len, hold.people);
        g_array_append_val(manifest->holds, hold);
    }
}

GString *evidence_holds_lines(const EvidenceOrder *order)
{
    GString *lines = g_string_new(NULL);
    for (size_t i = 0; i < order->hold_count; i++)
        g_string_append_len(lines, order->holds[i].lines->str, (gssize)order->holds[i].lines->len);
    return lines;
}
