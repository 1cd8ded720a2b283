#include "case_ask.h"

#include "base/clock.h"
#include "base/time_text.h"
#include "unit.h"

#include <string.h>

char *case_body(const char *more)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t now_us = clock_now_us();
    time_text(now_us - 10 * MINUTE_US, from);
    return g_strdup_printf("{\"from\":\"%s\",\"to\":\"%s\",%s}", from,
                           time_text(now_us - SECOND_US, to), more);
}

Json *ask_case_open(House *house, const char *session, const char *more, int status)
{
    g_autofree char *body = case_body(more);
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, status);
}

Json *ask_case_get(House *house, const char *session, const char *id, int status)
{
    g_autofree char *what = g_strconcat("GET /api/v1/cases/", id, NULL);
    return ask(house, session, "GET /cases/{id}", what, NULL, status);
}

Json *ask_case_change(House *house, const char *session, const char *id, const char *members,
                      int status)
{
    g_autofree char *admin = house_session(house, ROLE_ADMIN);
    g_autoptr(Json) seen = ask_case_get(house, admin, id, 200);
    g_autofree char *what = g_strconcat("PATCH /api/v1/cases/", id, NULL);
    g_autofree char *body =
        g_strdup_printf("{\"revision\":%d,%s}", (int)number_of(seen, "revision"), members);
    return ask(house, session, "PATCH /cases/{id}", what, body, status);
}

Json *ask_case_put(House *house, const char *session, const char *id, const char *body, int status)
{
    g_autofree char *what = g_strdup_printf("POST /api/v1/cases/%s/items", id);
    return ask(house, session, "POST /cases/{id}/items", what, body, status);
}

Json *ask_case_report(House *house, const char *session)
{
    char id[UUID_TEXT];
    g_autofree char *more =
        g_strdup_printf("\"kind\":\"fight\",\"location\":\"%s\",\"text\":\"Đánh nhau trước chợ\"",
                        uuid_text(&house->location, id));
    g_autofree char *body = case_body(more);
    return ask(house, session, "POST /reports", "POST /api/v1/reports", body, 201);
}

Json *ask_case_from(House *house, const char *session, const Json *told)
{
    g_autofree char *body = g_strdup_printf("{\"reports\":[\"%s\"]}", text_of(told, "number"));
    return ask(house, session, "POST /cases", "POST /api/v1/cases", body, 201);
}

bool case_has_history(const Json *found, const char *what, const char *to)
{
    size_t i;
    Json *line;
    json_array_foreach(json_object_get(found, "history"), i, line)
    {
        if (strcmp(text_of(line, "what"), what) == 0 && strcmp(text_of(line, "to"), to) == 0)
            return true;
    }
    return false;
}
