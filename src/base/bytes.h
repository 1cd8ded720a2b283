/* bytes.h — reading and writing big-endian bytes and bits.
 *
 * A reader with a sticky error: past the end every read gives 0 and `failed` stays true, so that a
 * parser checks once, after the last read. The writer grows by itself.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ByteReader {
    const uint8_t *data;
    size_t size;
    size_t at;
    bool failed;
} ByteReader;

ByteReader byte_reader(const void *data, size_t size);
size_t byte_reader_left(const ByteReader *reader);
uint8_t read_u8(ByteReader *reader);
uint16_t read_u16(ByteReader *reader);
uint32_t read_u24(ByteReader *reader);
uint32_t read_u32(ByteReader *reader);
uint64_t read_u64(ByteReader *reader);
void read_skip(ByteReader *reader, size_t bytes);

/* Borrows `bytes` bytes of the input, or NULL (and fails) when there are fewer. */
const uint8_t *read_bytes(ByteReader *reader, size_t bytes);

/* A reader over the next `bytes` bytes, which are skipped; empty and failed when there are fewer.
 */
ByteReader read_sub(ByteReader *reader, size_t bytes);

/* Bits, most significant first, over bytes without emulation prevention. */
typedef struct BitReader {
    const uint8_t *data;
    size_t bits;
    size_t at;
    bool failed;
} BitReader;

BitReader bit_reader(const void *data, size_t bytes);
uint32_t read_bits(BitReader *reader, unsigned count); /* 0–32 bits */
bool read_flag(BitReader *reader);
uint32_t read_ue(BitReader *reader); /* Exp-Golomb, ITU-T H.264 §9.1 */
int32_t read_se(BitReader *reader);

/* A growing buffer. Zero-initialise, or byte_writer_clear() to use again. */
typedef struct ByteWriter {
    uint8_t *data; /* owned */
    size_t size;
    size_t room;
} ByteWriter;

void byte_writer_clear(ByteWriter *writer);                 /* keeps the memory */
void byte_writer_free(ByteWriter *writer);                  /* frees the memory, not the struct */
uint8_t *byte_writer_add(ByteWriter *writer, size_t bytes); /* room to fill in */
void write_u8(ByteWriter *writer, uint8_t value);
void write_u16(ByteWriter *writer, uint16_t value);
void write_u24(ByteWriter *writer, uint32_t value);
void write_u32(ByteWriter *writer, uint32_t value);
void write_u64(ByteWriter *writer, uint64_t value);
void write_bytes(ByteWriter *writer, const void *data, size_t bytes);
void write_zeros(ByteWriter *writer, size_t bytes);
void patch_u32(ByteWriter *writer, size_t at, uint32_t value);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ByteWriter, byte_writer_free)

static inline void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void put_u32(uint8_t *at, uint32_t value)
{
    put_u16(at, (uint16_t)(value >> 16));
    put_u16(at + 2, (uint16_t)value);
}

static inline void put_u64(uint8_t *at, uint64_t value)
{
    put_u32(at, (uint32_t)(value >> 32));
    put_u32(at + 4, (uint32_t)value);
}

static inline uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) << 16 | get_u16(at + 2);
}

static inline uint64_t get_u64(const uint8_t *at)
{
    return (uint64_t)get_u32(at) << 32 | get_u32(at + 4);
}
