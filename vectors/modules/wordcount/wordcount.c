/* A Fay that counts the words of its section 2 and ends with 0 where there are any.
 * Built by build.sh; the result is committed, so that no test needs a C compiler. */
#include <stdint.h>

#define IMPORT(name) __attribute__((import_module("fayger_v1"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(#name)))

IMPORT(section_len) int64_t section_len(uint32_t id);
IMPORT(section_read) int32_t section_read(uint32_t id, int64_t offset, void *to, uint32_t length);

static uint8_t piece[4096];
static uint32_t words;

static int is_space(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

EXPORT(words) uint32_t get_words(void) { return words; }

EXPORT(start) int32_t start(void) {
    int64_t length = section_len(2);
    int in_word = 0;
    words = 0;
    for (int64_t offset = 0; offset < length;) {
        int32_t count = section_read(2, offset, piece, sizeof piece);
        if (count <= 0) return 1;
        for (int32_t i = 0; i < count; i++) {
            int space = is_space(piece[i]);
            words += in_word && space;
            in_word = !space;
        }
        offset += count;
    }
    words += in_word;
    return words > 0 ? 0 : 2;
}
