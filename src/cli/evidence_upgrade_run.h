/* evidence_upgrade_run.h — `vonglau evidence upgrade`. */
#pragma once

int evidence_upgrade_run(int argc, char **argv);
