#include "casework/package_household.h"

#include "base/clock.h"
#include "casework/package_desk_state.h"
#include "household/footage_given.h"

#include <string.h>

bool package_given_stand(const PackageRow *row)
{
    for (guint i = 0; i < row->given->len; i++)
        if (!g_array_index(row->given, PackageGivenRow, i).stands)
            return false;
    return true;
}

bool package_given_check(CatalogDb *db, const PackageRow *row, GError **error)
{
    for (guint i = 0; i < row->given->len; i++) {
        Uuid household, request;
        HouseholdFileRow file;
        g_autofree char *number = NULL;
        PackageGivenRow *given = &g_array_index(row->given, PackageGivenRow, i);
        g_autoptr(GError) missing = NULL;
        bool known =
            household_files_get(db, &given->file, &file, &household, &request, &number, &missing);
        if (!known && !g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&missing));
            return false;
        }
        if (!known || !footage_file_is_given(&file) || !file.evidence_us ||
            strcmp(number, row->case_number) != 0)
            return err_set(error, ERR_INVALID,
                           "‘given’ must be files that households gave for this case and did not "
                           "take back, and that are kept as evidence");
        given->stands = given->evidence = true;
        given->bytes = file.bytes;
        memcpy(given->sha256, file.sha256, sizeof given->sha256);
        g_strlcpy(given->type, file.type, sizeof given->type);
    }
    return true;
}

bool package_given_tell(CatalogDb *db, const PackageRow *row, int n, const Uuid *who,
                        const char *role, GError **error)
{
    char number[PACKAGE_NUMBER_TEXT];
    HouseholdLookRow look = {.at_us = clock_now_us(), .who = *who};
    package_number(row, number);
    g_strlcpy(look.role, role, sizeof look.role);
    g_strlcpy(look.act, n > 0 ? HOUSEHOLD_LOOK_HANDED : HOUSEHOLD_LOOK_PACKED, sizeof look.act);
    if (n > 0)
        g_snprintf(look.package, sizeof look.package, "%s/%d", number, n);
    else
        g_strlcpy(look.package, number, sizeof look.package);
    return row->given->len == 0 || packages_given_tell(db, row->given, &look, error);
}

/* ---- consents ---- */

typedef struct Gathering {
    PackageDesk *desk;
    CatalogDb *db;
    GArray *consents; /* PackageConsent */
} Gathering;

/* Of the household that answers with this file: known, or the next one. NULL on error. */
static PackageConsent *consent_of(Gathering *gathering, const HouseholdAskRow *ask,
                                  const HouseholdRequestRow *request, GError **error)
{
    for (guint i = 0; i < gathering->consents->len; i++) {
        PackageConsent *known = &g_array_index(gathering->consents, PackageConsent, i);
        if (uuid_equal(&known->answer, &ask->id))
            return known;
    }
    g_autoptr(HouseholdRow) household = households_get(gathering->db, &ask->household, error);
    if (!household)
        return NULL;
    g_array_set_size(gathering->consents, gathering->consents->len + 1);
    PackageConsent *consent =
        &g_array_index(gathering->consents, PackageConsent, gathering->consents->len - 1);
    package_consent_init(consent);
    consent->household = gathering->consents->len;
    consent->answer = ask->id;
    consent->request = request->id;
    consent->pin_us = household->pin_us;
    consent->may_ask_us = household->asked_us;
    consent->left_us = household->revoked_us;
    consent->case_number = g_strdup(request->case_number);
    consent->what = g_strdup(request->what);
    consent->unit = g_strdup(request->unit);
    consent->from_us = request->from_us;
    consent->to_us = request->to_us;
    consent->radius_m = request->radius_m;
    consent->asked_us = request->made_us;
    consent->deadline_us = request->deadline_us;
    return consent;
}

/* Oldest first, as everything else in a package. */
static bool add_looks(Gathering *gathering, PackageConsent *consent, const HouseholdFileRow *file,
                      GError **error)
{
    g_autoptr(GArray) looks = household_looks_list(gathering->db, file->ref, error);
    for (guint i = looks ? looks->len : 0; i > 0; i--) {
        const HouseholdLookRow *look = &g_array_index(looks, HouseholdLookRow, i - 1);
        PackageLookAt told = {.file = consent->files->len - 1, .at_us = look->at_us};
        g_strlcpy(told.role, look->role, sizeof told.role);
        g_strlcpy(told.act, look->act, sizeof told.act);
        g_array_append_val(consent->looks, told);
    }
    return looks != NULL;
}

static bool add_file(Gathering *gathering, const Uuid *id, GError **error)
{
    Uuid household, answer;
    HouseholdFileRow row;
    g_autofree char *number = NULL;
    g_autoptr(HouseholdRequestRow) request = NULL;
    Uuid request_id;
    if (!household_files_get(gathering->db, id, &row, &household, &request_id, &number, error) ||
        !household_files_answer(gathering->db, id, &answer, error))
        return false;
    if (!footage_file_is_given(&row) || !row.evidence_us)
        return err_set(error, ERR_DENIED, "a household has taken back what it gave");
    g_autoptr(HouseholdAskRow) ask = household_asks_get(gathering->db, &answer, &request, error);
    PackageConsent *consent = ask ? consent_of(gathering, ask, request, error) : NULL;
    if (!consent)
        return false;
    PackageConsentFile file = {.given = {.household = consent->household,
                                         .file = row.id,
                                         .answer = answer,
                                         .request = request_id,
                                         .given_us = row.done_us},
                               .bytes = row.bytes,
                               .begun_us = row.begun_us,
                               .kept_us = row.evidence_us};
    memcpy(file.given.hash.bytes, row.sha256, sizeof file.given.hash.bytes);
    g_strlcpy(file.given.type, row.type, sizeof file.given.type);
    if (!package_given_name(consent->household, consent->files->len + 1, row.type, file.given.name))
        return err_set(error, ERR_CORRUPT, "what a household gave has no kind");
    file.path = given_path(gathering->desk->households, &household, &row.id);
    g_array_append_val(consent->files, file);
    return add_looks(gathering, consent, &row, error);
}

GArray *package_consents(PackageDesk *desk, const PackageRow *row, GError **error)
{
    g_autoptr(GArray) consents = g_array_new(FALSE, TRUE, sizeof(PackageConsent));
    g_array_set_clear_func(consents, package_consent_clear);
    if (row->given->len == 0)
        return g_steal_pointer(&consents);
    if (!desk->households) {
        err_set(error, ERR_UNAVAILABLE, "what households gave cannot be reached here");
        return NULL;
    }
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    Gathering gathering = {desk, db, consents};
    for (guint i = 0; db && i < row->given->len; i++)
        if (!add_file(&gathering, &g_array_index(row->given, PackageGivenRow, i).file, error))
            return NULL;
    return db ? g_steal_pointer(&consents) : NULL;
}
