/* small_disk.h — a disk of 4 MiB, of memory, at a folder.
 *
 * As root, or in a user namespace of this process's own: no thread of a rig may run.
 */
#pragma once

void small_disk_mount(const char *folder);
void small_disk_unmount(const char *folder); /* and removes the folder */

/* Leaves so much room on the disk at `folder`. */
void small_disk_fill(const char *folder, unsigned free_bytes);
