#include "base/bytes.h"

#include <string.h>

ByteReader byte_reader(const void *data, size_t size)
{
    return (ByteReader){.data = data, .size = size};
}

size_t byte_reader_left(const ByteReader *reader)
{
    return reader->size - reader->at;
}

const uint8_t *read_bytes(ByteReader *reader, size_t bytes)
{
    if (reader->failed || bytes > reader->size - reader->at) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *here = reader->data + reader->at;
    reader->at += bytes;
    return here;
}

void read_skip(ByteReader *reader, size_t bytes)
{
    read_bytes(reader, bytes);
}

ByteReader read_sub(ByteReader *reader, size_t bytes)
{
    const uint8_t *here = read_bytes(reader, bytes);
    return here ? byte_reader(here, bytes) : (ByteReader){.failed = true};
}

uint8_t read_u8(ByteReader *reader)
{
    const uint8_t *here = read_bytes(reader, 1);
    return here ? *here : 0;
}

uint16_t read_u16(ByteReader *reader)
{
    const uint8_t *here = read_bytes(reader, 2);
    return here ? get_u16(here) : 0;
}

uint32_t read_u24(ByteReader *reader)
{
    const uint8_t *here = read_bytes(reader, 3);
    return here ? (uint32_t)here[0] << 16 | get_u16(here + 1) : 0;
}

uint32_t read_u32(ByteReader *reader)
{
    const uint8_t *here = read_bytes(reader, 4);
    return here ? get_u32(here) : 0;
}

uint64_t read_u64(ByteReader *reader)
{
    const uint8_t *here = read_bytes(reader, 8);
    return here ? get_u64(here) : 0;
}

BitReader bit_reader(const void *data, size_t bytes)
{
    return (BitReader){.data = data, .bits = bytes > SIZE_MAX / 8 ? SIZE_MAX : bytes * 8};
}

uint32_t read_bits(BitReader *reader, unsigned count)
{
    if (reader->failed || count > 32 || count > reader->bits - reader->at) {
        reader->failed = true;
        return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++, reader->at++)
        value = value << 1 | (reader->data[reader->at / 8] >> (7 - reader->at % 8) & 1);
    return (uint32_t)value;
}

bool read_flag(BitReader *reader)
{
    return read_bits(reader, 1) != 0;
}

uint32_t read_ue(BitReader *reader)
{
    unsigned zeros = 0;
    while (!reader->failed && !read_flag(reader) && zeros < 32)
        zeros++;
    if (zeros >= 32)
        reader->failed = true;
    if (reader->failed)
        return 0;
    return (uint32_t)(((uint64_t)1 << zeros) - 1 + read_bits(reader, zeros));
}

int32_t read_se(BitReader *reader)
{
    uint32_t code = read_ue(reader);
    int64_t half = ((int64_t)code + 1) / 2;
    return (int32_t)(code % 2 ? half : -half);
}

void byte_writer_clear(ByteWriter *writer)
{
    writer->size = 0;
}

void byte_writer_free(ByteWriter *writer)
{
    g_free(writer->data);
    *writer = (ByteWriter){0};
}

uint8_t *byte_writer_add(ByteWriter *writer, size_t bytes)
{
    g_assert(bytes <= SIZE_MAX / 2 - writer->size);
    if (writer->size + bytes > writer->room) {
        writer->room = MAX(writer->size + bytes, MAX(writer->room * 2, 256));
        writer->data = g_realloc(writer->data, writer->room);
    }
    uint8_t *here = writer->data + writer->size;
    writer->size += bytes;
    return here;
}

void write_u8(ByteWriter *writer, uint8_t value)
{
    *byte_writer_add(writer, 1) = value;
}

void write_u16(ByteWriter *writer, uint16_t value)
{
    put_u16(byte_writer_add(writer, 2), value);
}

void write_u24(ByteWriter *writer, uint32_t value)
{
    uint8_t *here = byte_writer_add(writer, 3);
    here[0] = (uint8_t)(value >> 16);
    put_u16(here + 1, (uint16_t)value);
}

void write_u32(ByteWriter *writer, uint32_t value)
{
    put_u32(byte_writer_add(writer, 4), value);
}

void write_u64(ByteWriter *writer, uint64_t value)
{
    put_u64(byte_writer_add(writer, 8), value);
}

void write_bytes(ByteWriter *writer, const void *data, size_t bytes)
{
    if (bytes)
        memcpy(byte_writer_add(writer, bytes), data, bytes);
}

void write_zeros(ByteWriter *writer, size_t bytes)
{
    if (bytes)
        memset(byte_writer_add(writer, bytes), 0, bytes);
}

void patch_u32(ByteWriter *writer, size_t at, uint32_t value)
{
    g_assert(at + 4 <= writer->size);
    put_u32(writer->data + at, value);
}
