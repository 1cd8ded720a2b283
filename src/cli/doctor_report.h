/* doctor_report.h — what a look at an installation found: lines of ok, warning, problem. */
#pragma once

#include "base/json.h"

#include <glib.h>

typedef enum DoctorLevel { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_PROBLEM } DoctorLevel;

/* Zero-initialise but for `lines`, an array of JSON. */
typedef struct DoctorReport {
    Json *lines; /* array of {check, level, text}; owned */
    DoctorLevel worst;
} DoctorReport;

/* Adds a line. `check`: a constant such as "clock"; the text says what is, and what to do. */
void doctor_tell(DoctorReport *report, DoctorLevel level, const char *check, const char *format,
                 ...) G_GNUC_PRINTF(4, 5);

/* On stdout, one line a check, or as JSON. */
void doctor_print(const DoctorReport *report, bool as_json);
