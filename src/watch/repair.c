#include "watch/repair.h"

#include "base/json.h"
#include "base/time_text.h"

#include <string.h>

enum { TEXT_MOST = 500, SHORT_MOST = 120 };
#define COST_MOST INT64_C(1000000000000)

static const char *const states[REPAIR_STATES] = {
    [REPAIR_OPEN] = "open",
    [REPAIR_ORDERED] = "ordered",
    [REPAIR_DONE] = "done",
    [REPAIR_DROPPED] = "dropped",
};

const char *repair_state_text(RepairState state)
{
    return state < REPAIR_STATES ? states[state] : states[REPAIR_OPEN];
}

bool repair_state_parse(const char *text, RepairState *state)
{
    for (unsigned i = 0; i < REPAIR_STATES; i++)
        if (strcmp(text, states[i]) == 0) {
            *state = (RepairState)i;
            return true;
        }
    return false;
}

bool repair_is_day(const char *text)
{
    int64_t begin_us;
    g_autofree char *midnight = g_strconcat(text, "T00:00:00Z", NULL);
    return strlen(text) == 10 && time_parse(midnight, &begin_us);
}

static bool is_short(const char *name, const char *text, size_t most, GError **error)
{
    return !text || g_utf8_strlen(text, -1) <= (glong)most ||
           err_set(error, ERR_INVALID, "‘%s’ must have at most %zu letters", name, most);
}

static bool is_sound(const RepairEdit *edit, GError **error)
{
    RepairState state;
    if (edit->fault && !*edit->fault)
        return err_set(error, ERR_INVALID, "‘fault’ must say what is wrong");
    if (edit->state && !repair_state_parse(edit->state, &state))
        return err_set(error, ERR_INVALID,
                       "‘state’ must be open, ordered, done or dropped, not ‘%.40s’", edit->state);
    if (edit->due && *edit->due && !repair_is_day(edit->due))
        return err_set(error, ERR_INVALID, "‘due’ must be a day as 2026-12-01, not ‘%.40s’",
                       edit->due);
    if (edit->cost && *edit->cost != REPAIR_COST_UNKNOWN &&
        (*edit->cost < 0 || *edit->cost > COST_MOST))
        return err_set(error, ERR_INVALID, "‘cost’ must be from 0 to 1,000,000,000,000");
    return is_short("fault", edit->fault, TEXT_MOST, error) &&
           is_short("note", edit->note, TEXT_MOST, error) &&
           is_short("owner", edit->owner, SHORT_MOST, error) &&
           is_short("funding", edit->funding, SHORT_MOST, error);
}

/* A new ticket's members are set, not changed: they stand in no history. */
static void set_text(Json *changes, const char *name, char **value, const char *wanted)
{
    if (!wanted || strcmp(*value, wanted) == 0)
        return;
    if (changes)
        json_object_set_new(changes, name, json_pack("[s, s]", *value, wanted));
    g_free(*value);
    *value = g_strdup(wanted);
}

static Json *cost_json(int64_t cost)
{
    return cost == REPAIR_COST_UNKNOWN ? json_null() : json_integer(cost);
}

static void apply(RepairRow *row, const RepairEdit *edit, Json *changes, int64_t now_us)
{
    RepairState state;
    set_text(changes, "fault", &row->fault, edit->fault);
    set_text(changes, "state", &row->state, edit->state);
    set_text(changes, "owner", &row->owner, edit->owner);
    set_text(changes, "due", &row->due, edit->due);
    set_text(changes, "funding", &row->funding, edit->funding);
    if (edit->cost && *edit->cost != row->cost) {
        if (changes)
            json_object_set_new(changes, "cost",
                                json_pack("[o, o]", cost_json(row->cost), cost_json(*edit->cost)));
        row->cost = *edit->cost;
    }
    bool over = repair_state_parse(row->state, &state) && state >= REPAIR_DONE;
    row->done_us = !over ? 0 : row->done_us ? row->done_us : now_us;
    row->changed_us = now_us;
}

/* A ticket to be written; on the writer's thread, so that of two who change one at once none undoes
 * what the other did. */
typedef struct Write {
    RepairRow *row; /* NULL: `id` is to be changed */
    const Uuid *id, *who;
    const RepairEdit *edit;
    int64_t now_us;
} Write;

static bool write_row(CatalogDb *db, void *data, GError **error)
{
    Write *write = data;
    const RepairEdit *edit = write->edit;
    g_autoptr(Json) changes = json_object();
    bool known = write->row == NULL;
    if (known && !(write->row = repairs_get(db, write->id, error)))
        return false;
    apply(write->row, edit, known ? changes : NULL, write->now_us);
    if (known && json_object_size(changes) == 0 && (!edit->note || !*edit->note))
        return true;
    g_autofree char *text = json_line(changes);
    g_autofree char *note = g_strdup(edit->note ? edit->note : "");
    const RepairStep step = {
        .at_us = write->now_us, .who = *write->who, .changes = text, .note = note};
    return repairs_put(db, write->row, error) &&
           repairs_put_step(db, &write->row->id, &step, error);
}

static RepairRow *write_wait(Catalog *catalog, Write *write, GError **error)
{
    if (is_sound(write->edit, error) && catalog_write_wait(catalog, write_row, write, error))
        return write->row;
    repair_row_free(write->row);
    return NULL;
}

RepairRow *repair_open(Catalog *catalog, const Uuid *camera, const Uuid *event,
                       const RepairEdit *edit, const Uuid *who, int64_t now_us, GError **error)
{
    if (!edit->fault) {
        err_set(error, ERR_INVALID, "‘fault’ must say what is wrong");
        return NULL;
    }
    RepairRow *row = g_new(RepairRow, 1);
    *row = (RepairRow){
        .id = uuid_new(),
        .camera = *camera,
        .event = *event,
        .fault = g_strdup(""),
        .state = g_strdup(repair_state_text(REPAIR_OPEN)),
        .owner = g_strdup(""),
        .due = g_strdup(""),
        .cost = REPAIR_COST_UNKNOWN,
        .funding = g_strdup(""),
        .created_us = now_us,
    };
    Write write = {.row = row, .who = who, .edit = edit, .now_us = now_us};
    return write_wait(catalog, &write, error);
}

RepairRow *repair_change(Catalog *catalog, const Uuid *id, const RepairEdit *edit, const Uuid *who,
                         int64_t now_us, GError **error)
{
    Write write = {.id = id, .who = who, .edit = edit, .now_us = now_us};
    return write_wait(catalog, &write, error);
}
