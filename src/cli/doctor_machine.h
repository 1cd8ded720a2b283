/* doctor_machine.h — checks of the machine: its clock, the rights on the files, disks,
 * certificate. */
#pragma once

#include "cli/doctor_report.h"
#include "config/config.h"
#include "config/data_folder.h"

void doctor_clock(DoctorReport *report);
void doctor_rights(DoctorReport *report, const DataFolder *folder);

/* Of each folder of footage: free room, the days it lasts at `bytes_a_day` (0: not known), and how
 * fast it takes a small file. */
void doctor_disks(DoctorReport *report, const DataFolder *folder, const Config *config,
                  int64_t bytes_a_day);

void doctor_certificate(DoctorReport *report, const DataFolder *folder, const Config *config);
