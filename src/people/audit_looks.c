#include "people/audit_looks.h"

#include "base/clock.h"
#include "people/audit_state.h"

#include <string.h>

/* What adjoins, give or take what a player skips and the interpolation of times errs. */
#define NEAR_US MINUTE_US

/* Of each are lines of its own, and each piece is compared with all: more are no people. */
enum { OPEN_MOST = 2000 };

struct Looks {
    void (*tell)(void *data, const AuditEntry *entry);
    void *data;
    GPtrArray *open; /* Look *: a viewer has a few, and few people look at once */
};

struct AuditLook {
    Audit *audit;
    Look whose;
};

static void look_clear(Look *look)
{
    g_free(look->device);
    g_free(look->address);
    g_free(look->action);
    g_free(look->object);
    g_free(look->reason);
}

void look_free(Look *look)
{
    if (!look)
        return;
    look_clear(look);
    g_free(look);
}

static void free_look(void *look)
{
    look_free(look);
}

Looks *looks_new(void (*tell)(void *data, const AuditEntry *entry), void *data)
{
    Looks *looks = g_new0(Looks, 1);
    looks->tell = tell;
    looks->data = data;
    looks->open = g_ptr_array_new_with_free_func(free_look);
    return looks;
}

void looks_free(Looks *looks)
{
    g_ptr_array_unref(looks->open);
    g_free(looks);
}

static void tell(const Looks *looks, const Look *look, const char *action)
{
    looks->tell(looks->data, &(AuditEntry){.actor = look->actor,
                                           .device = look->device,
                                           .address = look->address,
                                           .action = action,
                                           .object = look->object,
                                           .reason = look->reason,
                                           .result = "ok",
                                           .from_us = look->from_us,
                                           .to_us = look->to_us});
}

/* One that never went on is told by the line of its beginning. */
static void end(Looks *looks, guint i)
{
    g_autofree char *action = NULL;
    const Look *look = looks->open->pdata[i];
    if (look->from_us < look->first_from_us || look->to_us > look->first_to_us) {
        action = g_strconcat(look->action, "-end", NULL);
        tell(looks, look, action);
    }
    g_ptr_array_remove_index_fast(looks->open, i);
}

static bool is_same(const Look *a, const Look *b)
{
    return uuid_equal(&a->actor, &b->actor) && strcmp(a->object, b->object) == 0 &&
           strcmp(a->action, b->action) == 0 && strcmp(a->device, b->device) == 0 &&
           strcmp(a->address, b->address) == 0 && strcmp(a->reason, b->reason) == 0;
}

static bool adjoins(const Look *look, const Look *piece)
{
    return piece->join == AUDIT_JOIN_ANY ||
           (piece->from_us <= look->to_us + NEAR_US && piece->to_us >= look->from_us - NEAR_US);
}

void looks_add(Looks *looks, Look *piece)
{
    for (guint i = 0; i < looks->open->len; i++) {
        Look *look = looks->open->pdata[i];
        if (!is_same(look, piece))
            continue;
        if (!adjoins(look, piece)) {
            end(looks, i);
            break;
        }
        look->from_us = MIN(look->from_us, piece->from_us);
        look->to_us = MAX(look->to_us, piece->to_us);
        look->seen_us = piece->seen_us;
        look_free(piece);
        return;
    }
    if (looks->open->len >= OPEN_MOST)
        end(looks, 0);
    piece->first_from_us = piece->from_us;
    piece->first_to_us = piece->to_us;
    tell(looks, piece, piece->action);
    g_ptr_array_add(looks->open, piece);
}

void looks_end(Looks *looks, int64_t seen_before_us)
{
    for (guint i = looks->open->len; i-- > 0;)
        if (((const Look *)looks->open->pdata[i])->seen_us < seen_before_us)
            end(looks, i);
}

bool looks_open(const Looks *looks)
{
    return looks->open->len > 0;
}

/* --- whoever looks, on any thread --- */

static char *text_of(const char *text)
{
    return g_strdup(text ? text : "");
}

static Look look_of(const Uuid *actor, const char *const texts[5])
{
    return (Look){.actor = *actor,
                  .device = text_of(texts[0]),
                  .address = text_of(texts[1]),
                  .action = text_of(texts[2]),
                  .object = text_of(texts[3]),
                  .reason = text_of(texts[4])};
}

AuditLook *audit_look_new(Audit *audit, const AuditEntry *entry)
{
    AuditLook *look = g_new0(AuditLook, 1);
    look->audit = audit;
    look->whose =
        look_of(&entry->actor, (const char *const[5]){entry->device, entry->address, entry->action,
                                                      entry->object, entry->reason});
    return look;
}

void audit_look_free(AuditLook *look)
{
    if (!look)
        return;
    look_clear(&look->whose);
    g_free(look);
}

void audit_look_seen(AuditLook *look, AuditJoin join, int64_t from_us, int64_t to_us)
{
    const Look *whose = &look->whose;
    Note *note = g_new0(Note, 1);
    note->look = g_new(Look, 1);
    *note->look =
        look_of(&whose->actor, (const char *const[5]){whose->device, whose->address, whose->action,
                                                      whose->object, whose->reason});
    note->look->join = join;
    note->look->from_us = from_us;
    note->look->to_us = to_us;
    note->look->seen_us = clock_mono_us();
    queue_push(look->audit->notes, note);
}
