#include "household/household.h"

#include "base/clock.h"
#include "config/text_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AHEAD_MOST_US (5 * MINUTE_US) /* phones' clocks */
#define CONSENT_AGE_MOST_US (3650 * DAY_US)

/* Half the angle that a camera at a door is taken to see, and how near the place must be to be seen
 * whichever way it looks. */
enum { HALF_VIEW_DEG = 60, AT_THE_DOOR_M = 10 };

static bool is_between(const char *member, const int64_t *value, int64_t least, int64_t most,
                       GError **error)
{
    return !value || (*value >= least && *value <= most) ||
           err_set(error, ERR_INVALID, "‘%s’ must be %d to %d", member, (int)least, (int)most);
}

static bool check(const HouseholdTold *told, int64_t now_us, GError **error)
{
    const PlacePoint *place = told->place;
    if (place && (fabs(place->latitude) > 90 || fabs(place->longitude) > 180 ||
                  !isfinite(place->latitude) || !isfinite(place->longitude)))
        return err_set(error, ERR_INVALID, "‘place’ must be a latitude and a longitude in degrees");
    if (told->agreed_us && *told->agreed_us > now_us + AHEAD_MOST_US)
        return err_set(error, ERR_INVALID, "‘agreed_at’ lies in the future");
    if (told->agreed_us && *told->agreed_us < now_us - CONSENT_AGE_MOST_US)
        return err_set(error, ERR_INVALID, "‘agreed_at’ must not be more than ten years ago");
    return is_between("heading", told->heading_deg, -1, 359, error) &&
           is_between("days_kept", told->days_kept, 0, HOUSEHOLD_DAYS_MOST, error) &&
           is_between("level", told->level, HOUSEHOLD_PIN, HOUSEHOLD_ASKED, error);
}

static bool set_text(char **stored, const char *member, const char *text, size_t least, size_t most,
                     GError **error)
{
    return !text || text_rule(stored, member, text, least, most, error);
}

static bool set_level(HouseholdRow *row, const HouseholdTold *told, const Uuid *by, GError **error)
{
    if (!told->level || *told->level == household_level(row))
        return true;
    if (*told->level == HOUSEHOLD_PIN) {
        row->asked_us = 0;
        return true;
    }
    if (!told->agreed_us)
        return err_set(error, ERR_INVALID,
                       "to be asked needs a consent of its own: ‘agreed_at’ says when");
    row->asked_us = *told->agreed_us;
    row->agreed_by = *by;
    return true;
}

bool household_change(HouseholdRow *row, const HouseholdTold *told, const Uuid *by, int64_t now_us,
                      GError **error)
{
    if (household_is_revoked(row))
        return err_set(error, ERR_INVALID, "this household is no longer in the register");
    if (!check(told, now_us, error) ||
        !set_text(&row->village, "village", told->village, 1, HOUSEHOLD_VILLAGE_MOST, error) ||
        !set_text(&row->view, "view", told->view, 0, HOUSEHOLD_VIEW_MOST, error) ||
        !set_text(&row->name, "name", told->name, 0, HOUSEHOLD_NAME_MOST, error) ||
        !set_text(&row->phone, "phone", told->phone, 0, HOUSEHOLD_PHONE_MOST, error))
        return false;
    row->latitude = told->place ? told->place->latitude : row->latitude;
    row->longitude = told->place ? told->place->longitude : row->longitude;
    row->heading_deg = told->heading_deg ? (int)*told->heading_deg : row->heading_deg;
    row->days_kept = told->days_kept ? (int)*told->days_kept : row->days_kept;
    return set_level(row, told, by, error);
}

HouseholdRow *household_of(const HouseholdTold *told, const Uuid *by, int64_t now_us,
                           GError **error)
{
    g_autoptr(HouseholdRow) row = household_row_new();
    if (!told->village || !told->place || !told->agreed_us) {
        err_set(error, ERR_INVALID,
                "a household must have ‘village’, ‘place’ and ‘agreed_at’: when they agreed");
        return NULL;
    }
    row->id = uuid_new();
    row->added_us = now_us;
    row->pin_us = *told->agreed_us;
    row->agreed_by = *by;
    row->key = told->key ? *told->key : (Uuid){0};
    if (!household_change(row, told, by, now_us, error))
        return NULL;
    if (!*row->name && !*row->phone) {
        err_set(error, ERR_INVALID, "‘contact’ must have a name or a phone number");
        return NULL;
    }
    return g_steal_pointer(&row);
}

int household_level(const HouseholdRow *row)
{
    return row->asked_us ? HOUSEHOLD_ASKED : HOUSEHOLD_PIN;
}

bool household_is_revoked(const HouseholdRow *row)
{
    return row->revoked_us != 0;
}

static void empty(char **text)
{
    g_free(*text);
    *text = g_strdup("");
}

void household_erase(HouseholdRow *row, const Uuid *by, int64_t now_us)
{
    empty(&row->name);
    empty(&row->phone);
    empty(&row->view);
    row->latitude = row->longitude = 0;
    row->heading_deg = -1;
    row->days_kept = 0;
    row->photo_type[0] = '\0';
    row->photo_bytes = 0;
    memset(row->photo_sha256, 0, sizeof row->photo_sha256);
    row->asked_us = 0;
    row->revoked_us = now_us;
    row->revoked_by = *by;
}

/* ---- who is near ---- */

static int by_use(const void *a, const void *b)
{
    const HouseholdSight *left = a, *right = b;
    if (left->faces != right->faces)
        return left->faces ? -1 : 1;
    if (left->distance_m != right->distance_m)
        return left->distance_m < right->distance_m ? -1 : 1;
    return left->row->ref < right->row->ref ? -1 : 1;
}

static bool faces(const HouseholdRow *row, double distance_m, double bearing_deg)
{
    if (row->heading_deg < 0)
        return false;
    double turn = fabs(remainder(bearing_deg - row->heading_deg, 360));
    return distance_m <= AT_THE_DOOR_M || turn <= HALF_VIEW_DEG;
}

GArray *household_near(const GPtrArray *rows, PlacePoint place, double radius_m)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(HouseholdSight));
    for (guint i = 0; i < rows->len; i++) {
        const HouseholdRow *row = rows->pdata[i];
        const PlacePoint at = {row->latitude, row->longitude};
        HouseholdSight sight = {row, place_distance_m(at, place), place_bearing_deg(at, place),
                                false};
        if (household_is_revoked(row) || sight.distance_m > radius_m)
            continue;
        sight.faces = faces(row, sight.distance_m, sight.bearing_deg);
        g_array_append_val(found, sight);
    }
    if (found->len)
        qsort(found->data, found->len, sizeof(HouseholdSight), by_use);
    return found;
}
