/* reply.h — from an answer to bytes: status line, headers, which part of which body. */
#pragma once

#include "http/api/context.h"
#include "http/request.h"

typedef struct Reply {
    int status;
    Buffer *head; /* owned; with REPLY_ROOM bytes free in front, and a small body behind it */
    size_t head_bytes;
    VirtualFile *file; /* owned; bytes from `at` to `end` follow the head; NULL: none */
    uint64_t at, end;
    bool close; /* the connection ends with this answer */
} Reply;

/* libwebsockets wants room before what it writes. */
enum { REPLY_ROOM = 64 };

/* Takes what is in `response` and clears it. `close`: say that the connection ends. */
void reply_make(Reply *reply, const Service *service, const HttpRequest *request,
                ApiResponse *response, bool close);
void reply_clear(Reply *reply);
