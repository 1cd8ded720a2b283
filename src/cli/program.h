/* program.h — where this program lies, and what comes with it. */
#pragma once

/* The folder of the program that runs. Returns owned. */
char *program_folder(void);

/* A file that comes with the program: `built` below the folder above build/, else
 * share/vonglau/`installed`. Returns owned, or NULL. */
char *program_file(const char *built, const char *installed);
