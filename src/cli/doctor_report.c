#include "cli/doctor_report.h"

#include <stdio.h>

static const char *const levels[] = {
    [DOCTOR_OK] = "ok", [DOCTOR_WARNING] = "warning", [DOCTOR_PROBLEM] = "problem"};

void doctor_tell(DoctorReport *report, DoctorLevel level, const char *check, const char *format,
                 ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    json_array_append_new(report->lines, json_pack("{s:s, s:s, s:s}", "check", check, "level",
                                                   levels[level], "text", text));
    report->worst = MAX(report->worst, level);
}

void doctor_print(const DoctorReport *report, bool as_json)
{
    size_t i;
    Json *line;
    if (as_json) {
        g_autoptr(Json) whole =
            json_pack("{s:s, s:O}", "worst", levels[report->worst], "checks", report->lines);
        g_autofree char *text = json_line(whole);
        puts(text);
        return;
    }
    json_array_foreach(report->lines, i, line)
        printf("%-8s %s: %s\n", json_string_value(json_object_get(line, "level")),
               json_string_value(json_object_get(line, "check")),
               json_string_value(json_object_get(line, "text")));
}
