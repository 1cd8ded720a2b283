#include "place/sight.h"

#include <glib.h>
#include <string.h>

double place_detail_ground_m(PlaceDetail detail, double width_px, const PlaceLens *lens)
{
    if (lens->fov_deg <= 0 || width_px <= 0)
        return 0;
    const double slant = place_reach_m(width_px, lens->fov_deg, place_detail_pixels(detail));
    return place_ground_m(slant, lens->height_m);
}

static const char *word(PlaceDetail detail, bool vietnamese)
{
    static const char *const words[] = {[PLACE_DETECT] = "phát hiện",
                                        [PLACE_OBSERVE] = "quan sát",
                                        [PLACE_RECOGNISE] = "nhận ra",
                                        [PLACE_IDENTIFY] = "xác định"};
    return vietnamese ? words[detail] : place_detail_text(detail);
}

static void add(GString *text, PlaceDetail detail, double metres, bool vietnamese)
{
    g_autofree char *number = g_strdup_printf("%.1f", metres);
    char *point = strchr(number, '.');
    if (point && vietnamese)
        *point = ',';
    g_string_append_printf(text, "%s%s %s %s m", text->len ? " · " : "", word(detail, vietnamese),
                           vietnamese ? "đến" : "to", number);
}

char *place_sight_text(double width_px, const PlaceLens *lens, bool vietnamese)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (PlaceDetail detail = PLACE_IDENTIFY; detail > PLACE_NOTHING; detail--) {
        const double metres = place_detail_ground_m(detail, width_px, lens);
        if (metres > 0)
            add(text, detail, metres, vietnamese);
    }
    return text->len ? g_strconcat(vietnamese ? "Người: " : "Person: ", text->str, NULL) : NULL;
}
