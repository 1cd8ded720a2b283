/* devices.h — rows of the phones that people carry on duty. Rules about them live in people/. */
#pragma once

#include "base/p256.h"
#include "base/uuid.h"
#include "catalog/catalog.h"

typedef struct DeviceRow {
    Uuid id;
    Uuid account; /* whose it is */
    char *name;
    uint8_t key[P256_KEY_BYTES]; /* public */
    int64_t created_us;
    int64_t seen_us; /* when it last proved itself */
    int64_t shut_us; /* when it was shut out; 0: it was not */
} DeviceRow;

void device_row_free(DeviceRow *row);
DeviceRow *device_row_copy(const DeviceRow *row); /* returns owned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeviceRow, device_row_free)

/* Inserts, or changes all but account and key. */
bool devices_put(CatalogDb *db, const DeviceRow *row, GError **error);

/* Stores `seen_us`, and nothing else: the device may be shut out or renamed at the same time. */
bool devices_seen(CatalogDb *db, const DeviceRow *row, GError **error);
GPtrArray *devices_list(CatalogDb *db, GError **error); /* DeviceRow *; returns owned */
