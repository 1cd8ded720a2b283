#include "base/bytes.h"
#include "base/digest.h"
#include "unit.h"

#include <string.h>

static void reading_past_the_end_fails_and_stays_failed(void **state)
{
    const uint8_t data[] = {1, 2, 3};
    ByteReader reader = byte_reader(data, sizeof data);
    assert_int_equal(read_u16(&reader), 0x0102);
    assert_int_equal(read_u32(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(read_u8(&reader), 0);
}

static void exp_golomb_codes_read_as_the_standard_lists_them(void **state)
{
    /* 1 010 011 00100 00101 00110 → 0 1 2 3 4 5 (ITU-T H.264 table 9-2) */
    const uint8_t data[] = {0xa6, 0x42, 0x98};
    BitReader reader = bit_reader(data, sizeof data);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(read_ue(&reader), i);
    assert_false(reader.failed);
}

static void exp_golomb_of_zeros_only_fails(void **state)
{
    const uint8_t data[8] = {0};
    BitReader reader = bit_reader(data, sizeof data);
    read_ue(&reader);
    assert_true(reader.failed);
}

static void the_writer_gives_back_what_was_written(void **state)
{
    g_auto(ByteWriter) writer = {0};
    for (uint32_t i = 0; i < 1000; i++)
        write_u32(&writer, i);
    patch_u32(&writer, 8, 77);
    ByteReader reader = byte_reader(writer.data, writer.size);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(read_u32(&reader), i == 2 ? 77 : i);
}

static void crc_and_sha_match_published_vectors(void **state)
{
    assert_int_equal(crc32c("123456789", 9), 0xe3069283);
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256("abc", 3, digest);
    hex_encode(digest, sizeof digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_past_the_end_fails_and_stays_failed),
        cmocka_unit_test(exp_golomb_codes_read_as_the_standard_lists_them),
        cmocka_unit_test(exp_golomb_of_zeros_only_fails),
        cmocka_unit_test(the_writer_gives_back_what_was_written),
        cmocka_unit_test(crc_and_sha_match_published_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
