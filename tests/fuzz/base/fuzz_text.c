/* Times, days, ids and JSON as text. The first byte says which; what is read is written and read
 * again as the same. */
#include "base/json.h"
#include "base/time_text.h"
#include "base/uuid.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_time(const char *text)
{
    int64_t time_us, again_us, day_us;
    char written[TIME_TEXT];
    if (time_parse(text, &time_us)) {
        g_assert(time_parse(time_text(time_us, written), &again_us));
        g_assert(again_us <= time_us && time_us - again_us < 1000); /* milliseconds are written */
    }
    if (day_parse(text, &day_us)) {
        char day[DAY_TEXT];
        g_assert(strcmp(day_text(day_us, day), text) == 0 && day_start_us(day_us) == day_us);
    }
}

static void look_at_uuid(const char *text)
{
    Uuid id, again;
    char written[UUID_TEXT];
    if (!uuid_parse(text, &id))
        return;
    uuid_text(&id, written);
    g_assert(g_ascii_strcasecmp(written, text) == 0);
    g_assert(uuid_parse(written, &again) && uuid_equal(&id, &again));
}

static void look_at_json(const char *text, size_t size)
{
    g_autoptr(Json) value = json_parse(text, size, NULL);
    if (!value)
        return;
    const char *name = NULL;
    int64_t whole = 0;
    double number = 0;
    bool yes = false;
    json_get_text(value, "a", &name, NULL);
    json_get_int(value, "a", &whole, NULL);
    json_get_double(value, "a", &number, NULL);
    json_get_bool(value, "a", &yes, NULL);
    g_autofree char *line = json_line(value);
    g_assert(line && !strchr(line, '\n'));
    g_autoptr(Json) again = json_parse(line, strlen(line), NULL);
    g_assert(again && json_equal(value, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        look_at_time(text);
        break;
    case 1:
        look_at_uuid(text);
        break;
    default:
        look_at_json((const char *)data + 1, size - 1);
        break;
    }
    return 0;
}
