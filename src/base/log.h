/* log.h — structured log: one event a line on stderr.
 *
 *   2026-11-24T07:27:39.123Z warning camera.lost camera=… cause="no picture for 5 s"
 *
 * `event` is a dotted constant; `format` gives `key=value` fields. Equal lines (same event and same
 * text) are folded: the first is written, repeats within 60 s are counted and told in one line.
 * Never hand a secret or an address with credentials to it. Any thread.
 */
#pragma once

#include <glib.h>

typedef enum LogLevel { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG } LogLevel;

void log_set_level(LogLevel level);

void log_event(LogLevel level, const char *event, const char *format, ...) G_GNUC_PRINTF(3, 4);

#define log_error(event, ...) log_event(LOG_ERROR, event, __VA_ARGS__) /* someone must act */
#define log_warning(event, ...) log_event(LOG_WARNING, event, __VA_ARGS__)
#define log_info(event, ...) log_event(LOG_INFO, event, __VA_ARGS__) /* state changes */
#define log_debug(event, ...) log_event(LOG_DEBUG, event, __VA_ARGS__)
