/* sent_file.h — what is done to a file that somebody sent, before it is kept. Blocks. */
#pragma once

#include "http/api/context.h"

/* Leaves only what it shows, file_bare(): size stays, the SHA-256 is that of what is kept. */
bool sent_file_bare(ApiUpload *sent, GError **error);
