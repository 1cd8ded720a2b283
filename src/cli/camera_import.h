/* camera_import.h — `vonglau camera import`: many cameras from one table. */
#pragma once

int camera_import(int argc, char **argv);
