/* What follows from where a package stands. */
#include "casework/package_desk.h"
#include "casework/package_household.h"

#include <string.h>

char *package_approval(Site *site, bool unmasked)
{
    return unmasked ? g_strdup(PACKAGE_APPROVAL_BEFORE)
                    : site_value(site, SITE_VALUE_PACKAGE_APPROVAL);
}

char *package_number(const PackageRow *row, char text[PACKAGE_NUMBER_TEXT])
{
    g_snprintf(text, PACKAGE_NUMBER_TEXT, "CC-%d-%04d", row->year, row->seq);
    return text;
}

bool package_is_undecided(const PackageRow *row)
{
    bool open = strcmp(row->state, PACKAGE_ASKED) == 0 ||
                strcmp(row->state, PACKAGE_WAITING) == 0 || strcmp(row->state, PACKAGE_DONE) == 0;
    return open && !row->decided_us && strcmp(row->approval, PACKAGE_APPROVAL_NONE) != 0;
}

bool package_is_covered(const PackageRow *row)
{
    return row->masked && !row->unmasked && !*row->regions;
}

/* Has what was approved, or need not be yet. */
static bool is_in_time(const PackageRow *row, int64_t now_us)
{
    if (row->approved || strcmp(row->approval, PACKAGE_APPROVAL_NONE) == 0)
        return true;
    return strcmp(row->approval, PACKAGE_APPROVAL_LATER) == 0 &&
           now_us < row->asked_us + PACKAGE_APPROVE_WITHIN_US;
}

bool package_certificate_stands(const PackageRow *certificate, int64_t now_us)
{
    return strcmp(certificate->state, PACKAGE_REJECTED) != 0 && is_in_time(certificate, now_us);
}

bool package_certificates_stand(const PackageRow *row, int64_t now_us)
{
    for (guint i = 0; i < row->certificates->len; i++)
        if (!package_certificate_stands(row->certificates->pdata[i], now_us))
            return false;
    return true;
}

bool package_may_leave(const PackageRow *row, int64_t now_us)
{
    return strcmp(row->state, PACKAGE_DONE) == 0 && package_given_stand(row) &&
           package_certificates_stand(row, now_us) && !package_is_covered(row) &&
           is_in_time(row, now_us);
}

bool package_link_lives(const PackageRow *row, const PackageCopyRow *copy, int64_t now_us)
{
    return strcmp(copy->medium, PACKAGE_BY_LINK) == 0 && !copy->ended_us &&
           now_us < copy->until_us && package_may_leave(row, now_us);
}

PackageCopyRow *package_copy(const PackageRow *row, int n)
{
    for (guint i = 0; i < row->copies->len; i++) {
        PackageCopyRow *copy = &g_array_index(row->copies, PackageCopyRow, i);
        if (copy->n == n)
            return copy;
    }
    return NULL;
}
