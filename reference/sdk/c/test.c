/* The header's own test, for a machine's own compiler: `cc -o test test.c && ./test`. The five imports are supplied here. Expected bytes are those of
 * the specification, worked out by hand. */
#include <stdio.h>
#include <string.h>

#include "fayger.h"

static uint8_t emitted[256], next_reply[256], next_event[64];
static uint32_t emitted_length, reply_length, event_length;
static int failures;

int32_t fayger_v1_emit(const void *instruction, uint32_t length) {
    memcpy(emitted, instruction, length);
    emitted_length = length;
    return (int32_t)reply_length;
}

static int32_t copy(void *to, uint32_t capacity, const uint8_t *from, uint32_t length) {
    memcpy(to, from, length < capacity ? length : capacity);
    return (int32_t)length;
}

int32_t fayger_v1_reply_read(void *to, uint32_t capacity) { return copy(to, capacity, next_reply, reply_length); }
int32_t fayger_v1_event_read(void *to, uint32_t capacity) { return event_length ? copy(to, capacity, next_event, event_length) : -1; }
int64_t fayger_v1_section_len(uint32_t section) { return section; }
int32_t fayger_v1_section_read(uint32_t section, int64_t offset, void *to, uint32_t length) { return (void)section, (void)offset, (void)to, (int32_t)length; }

#define CHECK(condition)                                             \
    do {                                                             \
        if (!(condition)) {                                          \
            printf("line %d: %s\n", __LINE__, #condition);           \
            failures++;                                              \
        }                                                            \
    } while (0)
/* That the operands that were written are these bytes, behind the five of the head. */
#define WRITTEN(expected) CHECK(!w.failed && w.used == 5 + sizeof(expected) - 1 && memcmp(buffer + 5, expected, sizeof(expected) - 1) == 0)
#define GIVE(what, bytes) (memcpy(next_##what, bytes, sizeof(bytes) - 1), what##_length = sizeof(bytes) - 1)

static uint8_t buffer[256];

static fayger_writer begin(void) { return fayger_instruction(buffer, sizeof buffer, FAYGER_IO_STDOUT_WRITE); }

static void numbers(void) {
    fayger_writer w = begin();
    fayger_put_unsigned(&w, 0), fayger_put_unsigned(&w, 255), fayger_put_unsigned(&w, 256);
    WRITTEN("\1\1\0\1\1\xFF\1\2\0\1");
    w = begin();
    fayger_put_unsigned(&w, UINT64_MAX);
    WRITTEN("\1\x8\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    w = begin();
    fayger_put_signed(&w, 0), fayger_put_signed(&w, 127), fayger_put_signed(&w, 128);
    WRITTEN("\2\1\0\2\1\x7F\2\2\x80\0");
    w = begin();
    fayger_put_signed(&w, -1), fayger_put_signed(&w, -128), fayger_put_signed(&w, -129);
    WRITTEN("\2\1\xFF\2\1\x80\2\2\x7F\xFF");
    w = begin();
    fayger_put_signed(&w, INT64_MIN);
    WRITTEN("\2\x8\0\0\0\0\0\0\0\x80");
}

static void other_types(void) {
    fayger_writer w = begin();
    fayger_put_literal(&w, "h\xC3\xA9"), fayger_put_bytes(&w, "", 0), fayger_put_bool(&w, true);
    WRITTEN("\4\3h\xC3\xA9\3\0\5\1\1");
    w = begin();
    fayger_put_f64(&w, 1.5), fayger_put_f64(&w, -__builtin_nan("7")), fayger_put_handle(&w, 258);
    WRITTEN("\6\x8\0\0\0\0\0\0\xF8\x3F\6\x8\0\0\0\0\0\0\xF8\x7F\7\4\2\1\0\0");
    w = begin();
    uint32_t list = fayger_begin_list(&w);
    fayger_put_literal(&w, "a");
    uint32_t inner = fayger_begin_list(&w);
    fayger_put_bool(&w, false);
    fayger_end_list(&w, inner);
    fayger_end_list(&w, list);
    WRITTEN("\x8\x8\4\1a\x8\3\5\1\0");
}

static void lengths(void) {
    static const char long_text[130] = "x";
    fayger_writer w = begin();
    uint32_t list = fayger_begin_list(&w);
    fayger_put_bytes(&w, long_text, 130);
    fayger_end_list(&w, list);
    /* 133 = 5 + 128, 130 = 2 + 128. */
    CHECK(w.used == 5 + 136 && memcmp(buffer + 5, "\x8\x85\1\3\x82\1x", 7) == 0);
    uint8_t small[8];
    w = fayger_instruction(small, sizeof small, FAYGER_IO_STDOUT_WRITE);
    fayger_put_bytes(&w, "ab", 2);
    fayger_put_bytes(&w, "", 0);
    CHECK(w.failed && fayger_emit(&w, buffer, sizeof buffer).status == FAYGER_NOT_EMITTED && emitted_length == 0);
}

static void replies(void) {
    fayger_writer w = fayger_instruction(buffer, sizeof buffer, FAYGER_IO_COPY);
    fayger_put_literal(&w, "a"), fayger_put_literal(&w, "b");
    GIVE(reply, "\0\0\1\2\0\1\2\1\x80\3\2ab\4\1t\5\1\1\6\x8\0\0\0\0\0\0\xF8\x3F\7\4\2\1\0\0\x8\3\4\1z");
    fayger_reply reply = fayger_emit(&w, buffer, sizeof buffer);
    /* Category io, number 42, bits 1 and 2. */
    CHECK(emitted_length == 11 && memcmp(emitted, "\0\x2A\0\6\0\4\1a\4\1b", 11) == 0);
    uint64_t number;
    int64_t signed_number;
    const uint8_t *bytes;
    const char *text;
    uint32_t length, handle;
    bool truth;
    double fraction;
    fayger_values list;
    CHECK(reply.status == FAYGER_STATUS_OK && !fayger_take_signed(&reply.values, &signed_number));
    CHECK(fayger_take_unsigned(&reply.values, &number) && number == 256);
    CHECK(fayger_take_signed(&reply.values, &signed_number) && signed_number == -128);
    CHECK(fayger_take_bytes(&reply.values, &bytes, &length) && length == 2 && memcmp(bytes, "ab", 2) == 0);
    CHECK(fayger_take_text(&reply.values, &text, &length) && length == 1 && *text == 't');
    CHECK(fayger_take_bool(&reply.values, &truth) && truth);
    CHECK(fayger_take_f64(&reply.values, &fraction) && fraction == 1.5);
    CHECK(fayger_take_handle(&reply.values, &handle) && handle == 258);
    CHECK(fayger_take_list(&reply.values, &list) && fayger_take_text(&list, &text, &length) && *text == 'z' && list.length == 0);
    CHECK(reply.values.length == 0 && !fayger_take_handle(&reply.values, &handle));
    /* A reply that does not fit can be read again. */
    CHECK(fayger_last_reply(buffer, 4).status == FAYGER_REPLY_CUT && fayger_last_reply(buffer, 64).status == FAYGER_STATUS_OK);
    GIVE(reply, "\4\0");
    CHECK(fayger_last_reply(buffer, 64).status == FAYGER_STATUS_DENIED);
    /* Not well formed: cut, a length without end, more bytes than a number has. */
    fayger_values cut = {(const uint8_t *)"\3\2a", 3}, endless = {(const uint8_t *)"\3\x80\x80\x80\x80\x80\0", 7}, wide = {(const uint8_t *)"\1\x9" "123456789", 11};
    CHECK(!fayger_take_bytes(&cut, &bytes, &length) && !fayger_take_bytes(&endless, &bytes, &length) && !fayger_take_unsigned(&wide, &number));
}

static void events(void) {
    CHECK(fayger_read_event(buffer, sizeof buffer).kind == 0xFFFFFFFF);
    GIVE(event, "\3\1\0\7\4\3\0\0\0\1\1\2");
    fayger_event event = fayger_read_event(buffer, sizeof buffer);
    uint32_t handle;
    uint64_t count;
    CHECK(event.kind == FAYGER_EVENT_TIME_TIMER && fayger_take_handle(&event.values, &handle) && handle == 3);
    CHECK(fayger_take_unsigned(&event.values, &count) && count == 2 && event.values.length == 0);
    CHECK(fayger_read_event(buffer, 11).kind == 0xFFFFFFFF);
}

int main(void) {
    numbers();
    other_types();
    lengths();
    replies();
    events();
    return failures != 0;
}
