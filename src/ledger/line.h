/* line.h — canonical lines: one JSON object a line, ASCII, integers only, keys in a fixed order.
 *
 * The writer puts members in the order of the calls. A signed line ends in `"prev"`, `"key"`,
 * `"sig"`; the signed bytes are the line up to, not including, `,"sig"`; the *hash of a line* is
 * SHA-256 of its signed bytes. What follows the signature (a segment's leaves) is not signed.
 *
 *     g_autoptr(GString) line = line_new("hold");
 *     line_put_int(line, "seq", 1);
 *     line_put_text(line, "reason", "…");
 *     line_put_hash(line, "prev", &prev);
 *     Hash hash = line_sign(line, key);
 *     line_close(line);
 *
 * The reader takes lines from anyone: it accepts just what the writer can make (no blanks, no
 * fractions, no unknown escapes), asks for each member by name, in order, and its error is sticky.
 */
#pragma once

#include "base/uuid.h"
#include "ledger/hash.h"
#include "ledger/key.h"

#include <glib.h>

enum { LINE_MOST_BYTES = 1 << 20, LINE_KEY_TEXT = 32 };

/* {"v":1,"type":"<type>" — returns owned. */
GString *line_new(const char *type);

/* Members in the order of the calls; also for an empty GString that chain_append() is given. */
void line_put_int(GString *line, const char *key, int64_t value);
void line_put_text(GString *line, const char *key, const char *utf8); /* NULL is "" */
void line_put_uuid(GString *line, const char *key, const Uuid *uuid);
void line_put_hash(GString *line, const char *key, const Hash *hash);
void line_put_base64(GString *line, const char *key, const void *data, size_t size);
void line_put_name(GString *line, const char *key);  /* the value follows as raw text */
void line_add_text(GString *line, const char *utf8); /* a quoted text, for use in arrays */

/* Adds "key" and "sig"; returns the line's hash. */
Hash line_sign(GString *line, const NodeKey *key);
void line_close(GString *line); /* "}\n" */

typedef struct LineReader {
    const char *text;
    size_t size;
    size_t at;
    bool failed;
} LineReader;

/* `text` without the newline. Fails at once on over LINE_MOST_BYTES. */
LineReader line_reader(const char *text, size_t size);
void line_read_start(LineReader *reader, const char *type); /* {"v":1,"type":"<type>" */
bool line_next_is(const LineReader *reader, const char *key);
int64_t line_read_int(LineReader *reader, const char *key);
char *line_read_text(LineReader *reader, const char *key); /* returns owned UTF-8, NULL if failed */
void line_read_chars(LineReader *reader, const char *key, char *text,
                     size_t room); /* short ASCII */
Uuid line_read_uuid(LineReader *reader, const char *key);
Hash line_read_hash(LineReader *reader, const char *key);
/* Returns owned bytes; fails when there are more than `most`. */
uint8_t *line_read_base64(LineReader *reader, const char *key, size_t most, size_t *size);

/* Arrays: line_read_array(), then line_read_item() before each item until it is false. Items by the
 * functions above with a NULL key. Arrays may stand in arrays. */
void line_read_array(LineReader *reader, const char *key);
bool line_read_item(LineReader *reader);
/* Of an array of a known length: before each item, and behind the last one. */
void line_read_next(LineReader *reader);
void line_read_close(LineReader *reader);

/* Any member, whatever it is; its name in `key`. False at the end of the object or on failure. */
bool line_read_any(LineReader *reader, char key[LINE_KEY_TEXT]);

/* What every signed line ends in. */
typedef struct LineSeal {
    char key[KEY_ID_TEXT];
    uint8_t signature[SIGNATURE_BYTES];
    size_t signed_bytes;
    Hash hash;
} LineSeal;

void line_read_seal(LineReader *reader, LineSeal *seal); /* "key" and "sig" */
bool line_read_end(LineReader *reader); /* "}" and nothing after; true when nothing ever failed */

/* The seal of any signed line, with its `type`, `seq` and `prev`, whatever else it holds. */
typedef struct LineHead {
    char type[LINE_KEY_TEXT];
    int64_t seq;
    Hash prev;
    LineSeal seal;
} LineHead;

bool line_read_head(const char *text, size_t size, LineHead *head);
