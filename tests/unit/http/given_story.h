/* given_story.h — households that are asked for footage, and what they give: for tests of a house.
 */
#pragma once

#include "house.h"

extern const char film[]; /* of FILM_BYTES */
enum { FILM_BYTES = 40, FIRST_BYTES = 24 };

/* A household that may be asked, or (level 0) only stands in the register. Its id, owned. */
char *given_household(House *house, int level);

/* Opens a case; its number, owned. */
char *given_case(House *house, const char *officer);

char *given_request_body(const char *number, const char *household, int64_t window_us);
Json *given_request(House *house, const char *session, const char *body, int status);

/* The request as an officer sees it, owned; the files of its first household, borrowed. */
Json *given_seen(House *house, const char *session, const char *id);
const Json *given_files(const Json *request);

/* What stands behind #. */
typedef struct Link {
    char *id, *secret;
} Link;

void link_clear(Link *link);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Link, link_clear)

Link given_link(House *house, const char *session, const char *request, const char *household);

/* Without an account, by the link. Returns owned; NULL: no body. */
Json *by_link(House *house, const Link *link, ApiMethod method, const char *rest, const char *body,
              int status);

/* A piece of the first file. */
Json *send_piece(House *house, const Link *link, int64_t offset, const char *bytes, size_t size,
                 int status);

/* The same of the nth. */
Json *send_piece_of(House *house, const Link *link, int n, int64_t offset, const char *bytes,
                    size_t size, int status);

/* The film in two pieces; its id for officers, owned. */
#define BEGIN "{\"size\":40,\"key\":\"9d1c1f1e-0000-4000-8000-00000000000a\"}"
char *give(House *house, const char *officer, const char *request, const Link *link);

/* An officer asks one household for a case, and has its link. */
typedef struct Story {
    char *officer, *household, *number, *request;
    Link link;
} Story;

void story_clear(Story *story);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Story, story_clear)

Story begin_story(House *house); /* of a new case */
Story story_begin_for(House *house, const char *officer, const char *number);

/* Nobody works on it any more. */
void case_is_let_go(House *house, const char *number);

/* Setup and teardown of cmocka: a house whose clock only pass_time() moves. */
int stop_time(void **state);
int start_time(void **state);
void pass_time(int64_t us);
