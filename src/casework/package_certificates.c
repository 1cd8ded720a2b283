#include "casework/package_certificates.h"

#include "base/clock.h"
#include "casework/package_desk_state.h"

#include <string.h>

bool package_certificates_check(CatalogDb *db, PackageRow *row, GError **error)
{
    for (guint i = 0; i < row->certificates->len; i++) {
        PackageRow **one = (PackageRow **)&row->certificates->pdata[i];
        g_autoptr(GError) missing = NULL;
        g_autoptr(PackageRow) known = packages_get(db, &(*one)->id, &missing);
        if (!known && !g_error_matches(missing, ERR, ERR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&missing));
            return false;
        }
        if (!known || !*known->regions || strcmp(known->case_number, row->case_number) != 0)
            return err_set(error, ERR_INVALID,
                           "‘certificates’ must be negative certificates of this case");
        if (!package_may_leave(known, clock_now_us()))
            return err_set(error, ERR_EXISTS,
                           "a certificate that is to go along may not be handed over now: it is "
                           "not made, was rejected or removed, or not approved in time");
        package_row_free(*one);
        *one = g_steal_pointer(&known);
    }
    return true;
}

EvidenceCertificate *package_certificates_order(const PackageDesk *desk, const PackageRow *row,
                                                GStringChunk *texts)
{
    EvidenceCertificate *all = g_new0(EvidenceCertificate, MAX(row->certificates->len, 1));
    for (guint i = 0; i < row->certificates->len; i++) {
        char number[PACKAGE_NUMBER_TEXT];
        const PackageRow *one = row->certificates->pdata[i];
        g_autofree char *path = package_desk_path(desk, &one->id);
        all[i] = (EvidenceCertificate){
            .path = g_string_chunk_insert(texts, path),
            .number = g_string_chunk_insert(texts, package_number(one, number)),
            .digest = one->manifest,
            .verdict = one->verdict,
            .cameras = one->cameras->len,
            .from_us = one->from_us,
            .to_us = one->to_us,
            .made_us = one->made_us};
    }
    return all;
}
