/* events.h — rows of what was noticed. Rules about them live in event/events.h. */
#pragma once

#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct EventRow {
    int64_t ref; /* grows; with `from_us` the cursor of a list */
    Uuid id;
    Uuid camera; /* nil: the server itself */
    char *kind;
    int64_t from_us;
    int64_t to_us; /* of one that is open: the last time it was known to go on */
    bool open;
    char *detail;          /* NULL: none */
    int64_t picture_bytes; /* 0: no picture is kept */
    char *mark;            /* what somebody thinks of it, event_mark_known(); "": nobody looked */
    Uuid marked_by;        /* account; nil: nobody, or a token */
    int64_t marked_us;     /* 0: never */
} EventRow;

void event_row_free(EventRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventRow, event_row_free)

/* Inserts an event, or ends or moves on the one that is there and open; its `ref`, and what is kept
 * as picture, stay. One that has ended stays as it is. ERR_NOT_FOUND: no such camera. */
bool event_rows_put(CatalogDb *db, const EventRow *row, GError **error);

/* All that are open ended when they were last known to go on, or at `alive_us` if that is later. */
bool event_rows_end_all(CatalogDb *db, int64_t alive_us, GError **error);

bool event_rows_picture(CatalogDb *db, const Uuid *id, int64_t bytes, GError **error);

/* One mark of one event. */
typedef struct EventMark {
    Uuid event;
    const char *was; /* set only where this mark stands; NULL: whatever stands there */
    const char *mark;
    Uuid who;
    int64_t at_us;
} EventMark;

/* `*set`: it was there, and had the mark that was asked for. */
bool event_rows_mark(CatalogDb *db, const EventMark *mark, bool *set, GError **error);

/* ERR_NOT_FOUND when there is none. Returns owned. */
EventRow *event_rows_get(CatalogDb *db, const Uuid *id, GError **error);

/* What to list: events that overlap from..to, newest first. */
typedef struct EventQuery {
    int64_t from_us, to_us;
    const Uuid *camera;            /* NULL: any, and the server */
    const char *kind;              /* NULL: any */
    const char *kinds;             /* of these: ",black,frozen,"; NULL: any */
    const char *mark;              /* "": without one; NULL: any */
    const Uuid *location;          /* of its cameras; NULL: any */
    int64_t before_us, before_ref; /* behind this event of the last page; 0: from the newest */
    unsigned limit;
    bool (*may)(void *data, const Uuid *camera); /* which are listed; NULL: all */
    void *data;
} EventQuery;

/* EventRow *; returns owned, or NULL. */
GPtrArray *event_rows_list(CatalogDb *db, const EventQuery *query, GError **error);

/* Deletes at most `most` rows that ended before `before_us`; `*deleted` says how many. */
bool event_rows_forget(CatalogDb *db, int64_t before_us, unsigned most, unsigned *deleted,
                       GError **error);

/* Since when pictures may be kept so that they hold no more than `most_bytes`: 0 when all may. */
bool event_rows_picture_reach(CatalogDb *db, int64_t most_bytes, int64_t *since_us, GError **error);

typedef struct EventPicture {
    Uuid id;
    int64_t from_us; /* of the event */
} EventPicture;

/* EventPicture of events that began before `before_us`: `limit` at most; returns owned, or NULL. */
GArray *event_rows_pictured_before(CatalogDb *db, int64_t before_us, unsigned limit,
                                   GError **error);

/* The same of events that are older, at `now_us`, than their camera's footage is kept: by its own
 * rule, else `days`. */
GArray *event_rows_pictured_past(CatalogDb *db, int64_t now_us, int64_t days, unsigned limit,
                                 GError **error);
