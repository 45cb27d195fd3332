/* fayger.h: what a Fay in C needs, in one header, for clang with --target=wasm32. No libc, no allocation.
 *
 *     #include "fayger.h"
 *
 *     FAYGER_EXPORT("start") int32_t start(void) {
 *         uint8_t buffer[64];
 *         fayger_writer w = fayger_instruction(buffer, sizeof buffer, FAYGER_IO_STDOUT_WRITE);
 *         fayger_put_bytes(&w, "hello\n", 6);
 *         fayger_reply reply = fayger_emit(&w, buffer, sizeof buffer);
 *         return reply.status == FAYGER_STATUS_OK ? 0 : 1;
 *     }
 *
 *     clang --target=wasm32 -mbulk-memory -O2 -nostdlib -ffreestanding -Wl,--no-entry -o hello.wasm hello.c
 *
 * A Fay says what it wants by emitting an instruction; the reply says how that went (status) and what came of it (values). Instructions, replies
 * and events are bytes, built and read here in buffers of the caller's. What the manifest does not declare, the operator does not grant or the host
 * cannot do is answered by FAYGER_STATUS_UNSUPPORTED. -mbulk-memory is needed: without it clang calls a memcpy that is not there.
 */
#ifndef FAYGER_H
#define FAYGER_H

#include <stdbool.h>
#include <stdint.h>

/* -- The five imports ------------------------------------------------------------------------------------------------------------------- */

#ifdef __wasm__
#define FAYGER_IMPORT(name) __attribute__((import_module("fayger_v1"), import_name(name)))
#define FAYGER_EXPORT(name) __attribute__((export_name(name)))
#else
/* On another target, for tests, the five are supplied by the test. */
#define FAYGER_IMPORT(name)
#define FAYGER_EXPORT(name)
#endif

/* A range beyond memory traps. */

/* Emits an instruction; the length of its reply in bytes. */
FAYGER_IMPORT("emit") int32_t fayger_v1_emit(const void *instruction, uint32_t length);
/* Copies up to `capacity` bytes of the last reply; its full length, or -1 before the first. */
FAYGER_IMPORT("reply_read") int32_t fayger_v1_reply_read(void *to, uint32_t capacity);
/* Copies up to `capacity` bytes of the event that is handled; its full length, or -1 outside a handler. */
FAYGER_IMPORT("event_read") int32_t fayger_v1_event_read(void *to, uint32_t capacity);
/* The length of a section, or -1 where there is none for the Fay to read. */
FAYGER_IMPORT("section_len") int64_t fayger_v1_section_len(uint32_t section);
/* Copies up to `length` bytes of a section from `offset` on; how many, 0 at its end, or -1 where there is none for the Fay to read. */
FAYGER_IMPORT("section_read") int32_t fayger_v1_section_read(uint32_t section, int64_t offset, void *to, uint32_t length);

/* -- Names and numbers ------------------------------------------------------------------------------------------------------------------ */

/* An opcode: the first five bytes of its instructions, the lowest first: category, number, capabilities. */
#define FAYGER_OPCODE(category, number, capabilities) \
    ((uint64_t)(category) | (uint64_t)(number) << 8 | (uint64_t)(capabilities) << 24)
/* A kind of event: the first three bytes of its events. */
#define FAYGER_EVENT_KIND(category, number) ((uint32_t)(category) | (uint32_t)(number) << 8)

/* Bytes of an instruction or an event at most. */
#define FAYGER_INSTRUCTION_MAX 65536
/* Bytes of a reply at most. */
#define FAYGER_REPLY_MAX 1048576

/* <registry> */
/* Written by `cargo xtask opcodes --bless`; do not edit. */

/* Types of operands and values. */
#define FAYGER_TYPE_UNSIGNED 1
#define FAYGER_TYPE_SIGNED 2
#define FAYGER_TYPE_BYTES 3
#define FAYGER_TYPE_TEXT 4
#define FAYGER_TYPE_BOOL 5
#define FAYGER_TYPE_F64 6
#define FAYGER_TYPE_HANDLE 7
#define FAYGER_TYPE_LIST 8
#define FAYGER_TYPE_EXTENSION 127

/* Statuses of replies. */
#define FAYGER_STATUS_OK 0
#define FAYGER_STATUS_UNSUPPORTED 1
#define FAYGER_STATUS_INVALID 2
#define FAYGER_STATUS_NOT_FOUND 3
#define FAYGER_STATUS_DENIED 4
#define FAYGER_STATUS_EXISTS 5
#define FAYGER_STATUS_WOULD_BLOCK 6
#define FAYGER_STATUS_CLOSED 7
#define FAYGER_STATUS_TIMEOUT 8
#define FAYGER_STATUS_TOO_LARGE 9
#define FAYGER_STATUS_LIMIT 10
#define FAYGER_STATUS_BAD_HANDLE 11
#define FAYGER_STATUS_IO 12

/* Capabilities. */
#define FAYGER_CAP_IO_STDIO 0x0001
#define FAYGER_CAP_FS_READ 0x0002
#define FAYGER_CAP_FS_WRITE 0x0004
#define FAYGER_CAP_NET_CONNECT 0x0008
#define FAYGER_CAP_NET_LISTEN 0x0010
#define FAYGER_CAP_UI_RENDER 0x0020
#define FAYGER_CAP_UI_INPUT 0x0040
#define FAYGER_CAP_TIME_CLOCK 0x0080
#define FAYGER_CAP_TIME_TIMER 0x0100
#define FAYGER_CAP_RANDOM 0x0200
#define FAYGER_CAP_CRYPTO 0x0400
#define FAYGER_CAP_PROC_INFO 0x0800
#define FAYGER_CAP_PROC_SPAWN 0x1000
#define FAYGER_CAP_PROC_SIGNAL 0x2000
#define FAYGER_CAP_HOST_CALL 0x4000
#define FAYGER_CAP_HOST_INFO 0x8000

/* Category io. */

/* io.stdin_read: reads from standard input; no bytes at its end.
 * takes max: An unsigned number, 1 to 1048000.
 * gives data: Bytes.
 */
#define FAYGER_IO_STDIN_READ FAYGER_OPCODE(0, 1, FAYGER_CAP_IO_STDIO)

/* io.stdout_write: writes to standard output; how many bytes were taken.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_IO_STDOUT_WRITE FAYGER_OPCODE(0, 2, FAYGER_CAP_IO_STDIO)

/* io.stderr_write: writes to standard error; how many bytes were taken.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_IO_STDERR_WRITE FAYGER_OPCODE(0, 3, FAYGER_CAP_IO_STDIO)

/* io.open_read: opens a file for reading.
 * takes path: Text, 1 to 4096 bytes.
 * gives reader: A handle: reader.
 */
#define FAYGER_IO_OPEN_READ FAYGER_OPCODE(0, 16, FAYGER_CAP_FS_READ)

/* io.read: reads on from where the last read ended; no bytes at the end.
 * takes reader: A handle: reader.
 * takes max: An unsigned number, 1 to 1048000.
 * gives data: Bytes.
 */
#define FAYGER_IO_READ FAYGER_OPCODE(0, 17, FAYGER_CAP_FS_READ)

/* io.read_at: reads from a place; no bytes at or past the end.
 * takes reader: A handle: reader.
 * takes offset: An unsigned number.
 * takes max: An unsigned number, 1 to 1048000.
 * gives data: Bytes.
 */
#define FAYGER_IO_READ_AT FAYGER_OPCODE(0, 18, FAYGER_CAP_FS_READ)

/* io.close_read: closes a file that was opened for reading.
 * takes reader: A handle: reader.
 */
#define FAYGER_IO_CLOSE_READ FAYGER_OPCODE(0, 19, FAYGER_CAP_FS_READ)

/* io.stat: what a path names: kind 0 a file, 1 a directory, 2 something else; bytes; nanoseconds from 1970 to its last change.
 * takes path: Text, 1 to 4096 bytes.
 * gives kind: An unsigned number, up to 2.
 * gives size: An unsigned number.
 * gives modified_ns: A signed number.
 */
#define FAYGER_IO_STAT FAYGER_OPCODE(0, 20, FAYGER_CAP_FS_READ)

/* io.list_dir: names in a directory, in order of their bytes, after a name and at most so many.
 * takes path: Text, 1 to 4096 bytes.
 * takes max: An unsigned number, 1 to 4096.
 * takes after: Text, up to 4096 bytes. May be left out.
 * gives names: A list of text.
 */
#define FAYGER_IO_LIST_DIR FAYGER_OPCODE(0, 21, FAYGER_CAP_FS_READ)

/* io.open_write: opens a file for writing: mode 0 makes it or empties it, 1 makes it and it is new, 2 makes it or writes at its end.
 * takes path: Text, 1 to 4096 bytes.
 * takes mode: An unsigned number, up to 2.
 * gives writer: A handle: writer.
 */
#define FAYGER_IO_OPEN_WRITE FAYGER_OPCODE(0, 32, FAYGER_CAP_FS_WRITE)

/* io.write: writes on from where the last write ended; how many bytes were taken.
 * takes writer: A handle: writer.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_IO_WRITE FAYGER_OPCODE(0, 33, FAYGER_CAP_FS_WRITE)

/* io.write_at: writes at a place; how many bytes were taken.
 * takes writer: A handle: writer.
 * takes offset: An unsigned number.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_IO_WRITE_AT FAYGER_OPCODE(0, 34, FAYGER_CAP_FS_WRITE)

/* io.truncate: sets the length of a file.
 * takes writer: A handle: writer.
 * takes length: An unsigned number.
 */
#define FAYGER_IO_TRUNCATE FAYGER_OPCODE(0, 35, FAYGER_CAP_FS_WRITE)

/* io.sync: writes to the device what was written to the file.
 * takes writer: A handle: writer.
 */
#define FAYGER_IO_SYNC FAYGER_OPCODE(0, 36, FAYGER_CAP_FS_WRITE)

/* io.close_write: closes a file that was opened for writing.
 * takes writer: A handle: writer.
 */
#define FAYGER_IO_CLOSE_WRITE FAYGER_OPCODE(0, 37, FAYGER_CAP_FS_WRITE)

/* io.create_dir: makes a directory.
 * takes path: Text, 1 to 4096 bytes.
 */
#define FAYGER_IO_CREATE_DIR FAYGER_OPCODE(0, 38, FAYGER_CAP_FS_WRITE)

/* io.remove_file: removes a file.
 * takes path: Text, 1 to 4096 bytes.
 */
#define FAYGER_IO_REMOVE_FILE FAYGER_OPCODE(0, 39, FAYGER_CAP_FS_WRITE)

/* io.remove_dir: removes an empty directory.
 * takes path: Text, 1 to 4096 bytes.
 */
#define FAYGER_IO_REMOVE_DIR FAYGER_OPCODE(0, 40, FAYGER_CAP_FS_WRITE)

/* io.rename: gives a file or directory another path; a file that is there is replaced.
 * takes from: Text, 1 to 4096 bytes.
 * takes to: Text, 1 to 4096 bytes.
 */
#define FAYGER_IO_RENAME FAYGER_OPCODE(0, 41, FAYGER_CAP_FS_WRITE)

/* io.copy: copies a file; how many bytes it has; a file that is there is replaced.
 * takes from: Text, 1 to 4096 bytes.
 * takes to: Text, 1 to 4096 bytes.
 * gives size: An unsigned number.
 */
#define FAYGER_IO_COPY FAYGER_OPCODE(0, 42, FAYGER_CAP_FS_READ | FAYGER_CAP_FS_WRITE)

/* Category net. */

/* net.resolve: the addresses of a name.
 * takes host: Text, 1 to 255 bytes.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives addresses: A list of text.
 */
#define FAYGER_NET_RESOLVE FAYGER_OPCODE(1, 1, FAYGER_CAP_NET_CONNECT)

/* net.connect: opens a TCP connection.
 * takes host: Text, 1 to 255 bytes.
 * takes port: An unsigned number, 1 to 65535.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives connection: A handle: connection.
 */
#define FAYGER_NET_CONNECT FAYGER_OPCODE(1, 2, FAYGER_CAP_NET_CONNECT)

/* net.send: sends on a connection; how many bytes were taken.
 * takes connection: A handle: connection.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_NET_SEND FAYGER_OPCODE(1, 3, FAYGER_CAP_NET_CONNECT)

/* net.receive: receives on a connection; no bytes at its end.
 * takes connection: A handle: connection.
 * takes max: An unsigned number, 1 to 1048000.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives data: Bytes.
 */
#define FAYGER_NET_RECEIVE FAYGER_OPCODE(1, 4, FAYGER_CAP_NET_CONNECT)

/* net.shutdown: sends no more on a connection.
 * takes connection: A handle: connection.
 */
#define FAYGER_NET_SHUTDOWN FAYGER_OPCODE(1, 5, FAYGER_CAP_NET_CONNECT)

/* net.close: closes a connection.
 * takes connection: A handle: connection.
 */
#define FAYGER_NET_CLOSE FAYGER_OPCODE(1, 6, FAYGER_CAP_NET_CONNECT)

/* net.http_request: sends an HTTP or HTTPS request; headers are names and values by turns; its response's body is read by its handle.
 * takes method: Text, 1 to 32 bytes.
 * takes url: Text, 1 to 8192 bytes.
 * takes headers: A list of text, up to 512 elements.
 * takes body: Bytes.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives response: A handle: response.
 * gives status: An unsigned number, 100 to 599.
 * gives headers: A list of text, up to 512 elements.
 */
#define FAYGER_NET_HTTP_REQUEST FAYGER_OPCODE(1, 16, FAYGER_CAP_NET_CONNECT)

/* net.http_read: reads on in the body of a response; no bytes at its end.
 * takes response: A handle: response.
 * takes max: An unsigned number, 1 to 1048000.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives data: Bytes.
 */
#define FAYGER_NET_HTTP_READ FAYGER_OPCODE(1, 17, FAYGER_CAP_NET_CONNECT)

/* net.http_close: lets go of a response.
 * takes response: A handle: response.
 */
#define FAYGER_NET_HTTP_CLOSE FAYGER_OPCODE(1, 18, FAYGER_CAP_NET_CONNECT)

/* net.listen: listens for TCP connections at an address; port 0 takes a free one; the port that it is.
 * takes host: Text, 1 to 255 bytes.
 * takes port: An unsigned number, up to 65535.
 * gives listener: A handle: listener.
 * gives port: An unsigned number, 1 to 65535.
 */
#define FAYGER_NET_LISTEN FAYGER_OPCODE(1, 32, FAYGER_CAP_NET_LISTEN)

/* net.accept: takes a connection; the address of its other end.
 * takes listener: A handle: listener.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives peer: A handle: peer.
 * gives address: Text.
 */
#define FAYGER_NET_ACCEPT FAYGER_OPCODE(1, 33, FAYGER_CAP_NET_LISTEN)

/* net.close_listener: listens no more.
 * takes listener: A handle: listener.
 */
#define FAYGER_NET_CLOSE_LISTENER FAYGER_OPCODE(1, 34, FAYGER_CAP_NET_LISTEN)

/* net.peer_send: sends on a connection that was accepted; how many bytes were taken.
 * takes peer: A handle: peer.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_NET_PEER_SEND FAYGER_OPCODE(1, 35, FAYGER_CAP_NET_LISTEN)

/* net.peer_receive: receives on a connection that was accepted; no bytes at its end.
 * takes peer: A handle: peer.
 * takes max: An unsigned number, 1 to 1048000.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives data: Bytes.
 */
#define FAYGER_NET_PEER_RECEIVE FAYGER_OPCODE(1, 36, FAYGER_CAP_NET_LISTEN)

/* net.peer_shutdown: sends no more on a connection that was accepted.
 * takes peer: A handle: peer.
 */
#define FAYGER_NET_PEER_SHUTDOWN FAYGER_OPCODE(1, 37, FAYGER_CAP_NET_LISTEN)

/* net.peer_close: closes a connection that was accepted.
 * takes peer: A handle: peer.
 */
#define FAYGER_NET_PEER_CLOSE FAYGER_OPCODE(1, 38, FAYGER_CAP_NET_LISTEN)

/* Category ui. */

/* ui.size: the columns and rows there are.
 * gives columns: An unsigned number, up to 65535.
 * gives rows: An unsigned number, up to 65535.
 */
#define FAYGER_UI_SIZE FAYGER_OPCODE(2, 1, FAYGER_CAP_UI_RENDER)

/* ui.clear: empties the grid.
 */
#define FAYGER_UI_CLEAR FAYGER_OPCODE(2, 2, FAYGER_CAP_UI_RENDER)

/* ui.render: puts text into a row from a column on; style bits: 1 bold, 2 faint, 4 underlined, 8 reversed.
 * takes column: An unsigned number, up to 65535.
 * takes row: An unsigned number, up to 65535.
 * takes text: Text.
 * takes style: An unsigned number, up to 15. May be left out.
 */
#define FAYGER_UI_RENDER FAYGER_OPCODE(2, 3, FAYGER_CAP_UI_RENDER)

/* ui.present: shows what was put since the last time.
 */
#define FAYGER_UI_PRESENT FAYGER_OPCODE(2, 4, FAYGER_CAP_UI_RENDER)

/* ui.prompt: shows a question and takes a line of text.
 * takes question: Text.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives answer: Text.
 */
#define FAYGER_UI_PROMPT FAYGER_OPCODE(2, 16, FAYGER_CAP_UI_RENDER | FAYGER_CAP_UI_INPUT)

/* ui.input_events: asks for input events, or for none: bits 1 keys, 2 pointer, 4 changes of size.
 * takes kinds: An unsigned number, up to 7.
 */
#define FAYGER_UI_INPUT_EVENTS FAYGER_OPCODE(2, 17, FAYGER_CAP_UI_INPUT)

/* Event ui.key: a key was pressed: its name or its text; modifier bits 1 shift, 2 control, 4 alt, 8 meta.
 * has key: Text, 1 bytes or more.
 * has modifiers: An unsigned number, up to 15.
 */
#define FAYGER_EVENT_UI_KEY FAYGER_EVENT_KIND(2, 1)

/* Event ui.pointer: the pointer moved or a button changed: bits 1 left, 2 right, 4 middle.
 * has column: An unsigned number, up to 65535.
 * has row: An unsigned number, up to 65535.
 * has buttons: An unsigned number, up to 7.
 */
#define FAYGER_EVENT_UI_POINTER FAYGER_EVENT_KIND(2, 2)

/* Event ui.resize: the grid has another size.
 * has columns: An unsigned number, up to 65535.
 * has rows: An unsigned number, up to 65535.
 */
#define FAYGER_EVENT_UI_RESIZE FAYGER_EVENT_KIND(2, 3)

/* Category time. */

/* time.wall_now: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
 * gives now_ns: A signed number.
 */
#define FAYGER_TIME_WALL_NOW FAYGER_OPCODE(3, 1, FAYGER_CAP_TIME_CLOCK)

/* time.monotonic_now: nanoseconds since a moment that stays the same while the instance lives; never less than before.
 * gives now_ns: An unsigned number.
 */
#define FAYGER_TIME_MONOTONIC_NOW FAYGER_OPCODE(3, 2, FAYGER_CAP_TIME_CLOCK)

/* time.sleep: answers after so long.
 * takes duration_ns: An unsigned number.
 */
#define FAYGER_TIME_SLEEP FAYGER_OPCODE(3, 16, FAYGER_CAP_TIME_TIMER)

/* time.timer_once: one event after so long.
 * takes delay_ns: An unsigned number.
 * gives timer: A handle: timer.
 */
#define FAYGER_TIME_TIMER_ONCE FAYGER_OPCODE(3, 17, FAYGER_CAP_TIME_TIMER)

/* time.timer_periodic: an event after a delay and then each period.
 * takes delay_ns: An unsigned number.
 * takes period_ns: An unsigned number, 1000000 or more.
 * gives timer: A handle: timer.
 */
#define FAYGER_TIME_TIMER_PERIODIC FAYGER_OPCODE(3, 18, FAYGER_CAP_TIME_TIMER)

/* time.timer_cancel: ends a timer.
 * takes timer: A handle: timer.
 */
#define FAYGER_TIME_TIMER_CANCEL FAYGER_OPCODE(3, 19, FAYGER_CAP_TIME_TIMER)

/* Event time.timer: a timer ran off; how often it has.
 * has timer: A handle: timer.
 * has count: An unsigned number, 1 or more.
 */
#define FAYGER_EVENT_TIME_TIMER FAYGER_EVENT_KIND(3, 1)

/* Category random. */

/* random.bytes: bytes that nobody can foretell.
 * takes count: An unsigned number, 1 to 65536.
 * gives data: Bytes, 1 to 65536 bytes.
 */
#define FAYGER_RANDOM_BYTES FAYGER_OPCODE(4, 1, FAYGER_CAP_RANDOM)

/* Category crypto. */

/* crypto.sha256: the SHA-256 digest.
 * takes data: Bytes.
 * gives digest: Bytes, 32 bytes.
 */
#define FAYGER_CRYPTO_SHA256 FAYGER_OPCODE(5, 1, FAYGER_CAP_CRYPTO)

/* crypto.hmac_sha256: the HMAC with SHA-256.
 * takes key: Bytes.
 * takes data: Bytes.
 * gives tag: Bytes, 32 bytes.
 */
#define FAYGER_CRYPTO_HMAC_SHA256 FAYGER_OPCODE(5, 2, FAYGER_CAP_CRYPTO)

/* crypto.aead_seal: encrypts by AES-256-GCM; a nonce is used once with a key.
 * takes key: Bytes, 32 bytes.
 * takes nonce: Bytes, 12 bytes.
 * takes associated: Bytes.
 * takes plaintext: Bytes.
 * gives sealed: Bytes, 16 bytes or more.
 */
#define FAYGER_CRYPTO_AEAD_SEAL FAYGER_OPCODE(5, 3, FAYGER_CAP_CRYPTO)

/* crypto.aead_open: decrypts by AES-256-GCM; status denied where the tag is wrong.
 * takes key: Bytes, 32 bytes.
 * takes nonce: Bytes, 12 bytes.
 * takes associated: Bytes.
 * takes sealed: Bytes, 16 bytes or more.
 * gives plaintext: Bytes.
 */
#define FAYGER_CRYPTO_AEAD_OPEN FAYGER_OPCODE(5, 4, FAYGER_CAP_CRYPTO)

/* crypto.ed25519_public: the public key of a secret one.
 * takes secret: Bytes, 32 bytes.
 * gives public: Bytes, 32 bytes.
 */
#define FAYGER_CRYPTO_ED25519_PUBLIC FAYGER_OPCODE(5, 5, FAYGER_CAP_CRYPTO)

/* crypto.ed25519_sign: signs a message by Ed25519.
 * takes secret: Bytes, 32 bytes.
 * takes message: Bytes.
 * gives signature: Bytes, 64 bytes.
 */
#define FAYGER_CRYPTO_ED25519_SIGN FAYGER_OPCODE(5, 6, FAYGER_CAP_CRYPTO)

/* crypto.ed25519_verify: whether an Ed25519 signature is right.
 * takes public: Bytes, 32 bytes.
 * takes message: Bytes.
 * takes signature: Bytes, 64 bytes.
 * gives valid: A truth value.
 */
#define FAYGER_CRYPTO_ED25519_VERIFY FAYGER_OPCODE(5, 7, FAYGER_CAP_CRYPTO)

/* Category proc. */

/* proc.arguments: the arguments that the instance was started with.
 * gives arguments: A list of text.
 */
#define FAYGER_PROC_ARGUMENTS FAYGER_OPCODE(6, 1, FAYGER_CAP_PROC_INFO)

/* proc.environment: the value of an environment variable.
 * takes name: Text, 1 to 4096 bytes.
 * gives value: Text.
 */
#define FAYGER_PROC_ENVIRONMENT FAYGER_OPCODE(6, 2, FAYGER_CAP_PROC_INFO)

/* proc.environment_names: the names of the environment variables, in order of their bytes.
 * gives names: A list of text.
 */
#define FAYGER_PROC_ENVIRONMENT_NAMES FAYGER_OPCODE(6, 3, FAYGER_CAP_PROC_INFO)

/* proc.spawn: starts a program; its environment is names and values by turns, and nothing else.
 * takes program: Text, 1 to 4096 bytes.
 * takes arguments: A list of text, up to 4096 elements.
 * takes environment: A list of text, up to 4096 elements. May be left out.
 * gives process: A handle: process.
 */
#define FAYGER_PROC_SPAWN FAYGER_OPCODE(6, 16, FAYGER_CAP_PROC_SPAWN)

/* proc.wait: waits for a process to end: its exit status, or minus the number of the signal that ended it.
 * takes process: A handle: process.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives status: A signed number.
 */
#define FAYGER_PROC_WAIT FAYGER_OPCODE(6, 17, FAYGER_CAP_PROC_SPAWN)

/* proc.process_write: writes to the standard input of a process; how many bytes were taken.
 * takes process: A handle: process.
 * takes data: Bytes.
 * gives written: An unsigned number.
 */
#define FAYGER_PROC_PROCESS_WRITE FAYGER_OPCODE(6, 18, FAYGER_CAP_PROC_SPAWN)

/* proc.process_close_input: ends the standard input of a process.
 * takes process: A handle: process.
 */
#define FAYGER_PROC_PROCESS_CLOSE_INPUT FAYGER_OPCODE(6, 19, FAYGER_CAP_PROC_SPAWN)

/* proc.process_read: reads from stream 1, standard output, or 2, standard error, of a process; no bytes at its end.
 * takes process: A handle: process.
 * takes stream: An unsigned number, 1 to 2.
 * takes max: An unsigned number, 1 to 1048000.
 * takes timeout_ms: An unsigned number, up to 86400000. May be left out.
 * gives data: Bytes.
 */
#define FAYGER_PROC_PROCESS_READ FAYGER_OPCODE(6, 20, FAYGER_CAP_PROC_SPAWN)

/* proc.process_release: lets go of a process; it runs on.
 * takes process: A handle: process.
 */
#define FAYGER_PROC_PROCESS_RELEASE FAYGER_OPCODE(6, 21, FAYGER_CAP_PROC_SPAWN)

/* proc.kill: ends a process at once.
 * takes process: A handle: process.
 */
#define FAYGER_PROC_KILL FAYGER_OPCODE(6, 22, FAYGER_CAP_PROC_SPAWN | FAYGER_CAP_PROC_SIGNAL)

/* proc.signal_events: asks for signals as events, or for none: bits 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
 * takes signals: An unsigned number, up to 31.
 */
#define FAYGER_PROC_SIGNAL_EVENTS FAYGER_OPCODE(6, 32, FAYGER_CAP_PROC_SIGNAL)

/* proc.exit: ends the instance with an exit status; it never returns.
 * takes status: A signed number, -2147483648 to 2147483647.
 */
#define FAYGER_PROC_EXIT FAYGER_OPCODE(6, 48, 0)

/* Event proc.signal: a signal came: 1 interrupt, 2 terminate, 4 hang-up, 8 user 1, 16 user 2.
 * has signal: An unsigned number, 1 to 16.
 */
#define FAYGER_EVENT_PROC_SIGNAL FAYGER_EVENT_KIND(6, 1)

/* Category host. */

/* host.call: calls what the host or the embedding application offers under a name.
 * takes name: Text, 1 to 255 bytes.
 * takes data: Bytes.
 * gives data: Bytes.
 */
#define FAYGER_HOST_CALL FAYGER_OPCODE(7, 1, FAYGER_CAP_HOST_CALL)

/* host.info: a fact about the host by its name, such as `host`, `os` or `locale`.
 * takes name: Text, 1 to 255 bytes.
 * gives value: Text.
 */
#define FAYGER_HOST_INFO FAYGER_OPCODE(7, 2, FAYGER_CAP_HOST_INFO)

/* host.info_names: the names of all facts about the host, in order of their bytes.
 * gives names: A list of text.
 */
#define FAYGER_HOST_INFO_NAMES FAYGER_OPCODE(7, 3, FAYGER_CAP_HOST_INFO)

/* Event host.message: the host or the embedding application says something under a name.
 * has name: Text, 1 to 255 bytes.
 * has data: Bytes.
 */
#define FAYGER_EVENT_HOST_MESSAGE FAYGER_EVENT_KIND(7, 1)

/* </registry> */

/* In place of a status: the instruction did not fit its buffer, and was not emitted. */
#define FAYGER_NOT_EMITTED (-1)
/* In place of a status: the reply does not fit its buffer. It can be read again, by fayger_last_reply, into a larger one. */
#define FAYGER_REPLY_CUT (-2)

/* -- Instructions: begin, put the operands in their order, emit --------------------------------------------------------------------------- */

typedef struct {
    uint8_t *bytes;
    uint32_t used, capacity;
    bool failed; /* It did not fit. */
} fayger_writer;

static inline void fayger_put_raw(fayger_writer *w, const void *bytes, uint32_t length) {
    if (w->failed || length > w->capacity - w->used) {
        w->failed = true;
        return;
    }
    __builtin_memcpy(w->bytes + w->used, bytes, length);
    w->used += length;
}

/* Writes `length` as unsigned LEB128 to `to`, which has five bytes; how many it took. */
static inline uint32_t fayger_leb128(uint8_t to[5], uint32_t length) {
    uint32_t count = 0;
    do {
        uint8_t low = length & 0x7F;
        length >>= 7;
        to[count++] = length ? low | 0x80 : low;
    } while (length);
    return count;
}

static inline void fayger_put_operand(fayger_writer *w, uint8_t type, const void *value, uint32_t length) {
    uint8_t head[6] = {type};
    fayger_put_raw(w, head, 1 + fayger_leb128(head + 1, length));
    fayger_put_raw(w, value, length);
}

static inline fayger_writer fayger_instruction(void *buffer, uint32_t capacity, uint64_t opcode) {
    fayger_writer w = {buffer, 0, capacity < FAYGER_INSTRUCTION_MAX ? capacity : FAYGER_INSTRUCTION_MAX, false};
    fayger_put_raw(&w, &opcode, 5);
    return w;
}

static inline void fayger_put_unsigned(fayger_writer *w, uint64_t value) {
    uint32_t length = 8;
    while (length > 1 && value >> (8 * (length - 1)) == 0) length--;
    fayger_put_operand(w, FAYGER_TYPE_UNSIGNED, &value, length);
}

static inline void fayger_put_signed(fayger_writer *w, int64_t value) {
    /* The fewest bytes whose sign is the value's. */
    uint32_t length = 1;
    while (length < 8 && (value >> (8 * length - 1)) != 0 && (value >> (8 * length - 1)) != -1) length++;
    fayger_put_operand(w, FAYGER_TYPE_SIGNED, &value, length);
}

static inline void fayger_put_bytes(fayger_writer *w, const void *bytes, uint32_t length) {
    fayger_put_operand(w, FAYGER_TYPE_BYTES, bytes, length);
}

/* Text has to be UTF-8. */
static inline void fayger_put_text(fayger_writer *w, const char *text, uint32_t length) {
    fayger_put_operand(w, FAYGER_TYPE_TEXT, text, length);
}

/* The text of a string literal. */
#define fayger_put_literal(w, text) fayger_put_text(w, "" text, sizeof(text) - 1)

static inline void fayger_put_bool(fayger_writer *w, bool value) {
    uint8_t byte = value;
    fayger_put_operand(w, FAYGER_TYPE_BOOL, &byte, 1);
}

static inline void fayger_put_f64(fayger_writer *w, double value) {
    uint64_t bits = 0x7FF8000000000000; /* There is one NaN. */
    if (value == value) __builtin_memcpy(&bits, &value, 8);
    fayger_put_operand(w, FAYGER_TYPE_F64, &bits, 8);
}

static inline void fayger_put_handle(fayger_writer *w, uint32_t handle) {
    fayger_put_operand(w, FAYGER_TYPE_HANDLE, &handle, 4);
}

/* Begins a list: what is put from here to fayger_end_list, which takes what this gave, is in it. */
static inline uint32_t fayger_begin_list(fayger_writer *w) { return w->used; }

static inline void fayger_end_list(fayger_writer *w, uint32_t begin) {
    if (w->failed) return;
    uint8_t head[6] = {FAYGER_TYPE_LIST};
    uint32_t length = w->used - begin, more = 1 + fayger_leb128(head + 1, length);
    if (more > w->capacity - w->used) {
        w->failed = true;
        return;
    }
    __builtin_memmove(w->bytes + begin + more, w->bytes + begin, length);
    __builtin_memcpy(w->bytes + begin, head, more);
    w->used += more;
}

/* -- Replies and events: take the values in their order ------------------------------------------------------------------------------------ */

/* Values that were not taken yet. */
typedef struct {
    const uint8_t *bytes;
    uint32_t length;
} fayger_values;

/* Each `take` is true where the next value has its type, and takes it. Replies and events are well formed: the bus saw to that. */
static inline bool fayger_take_operand(fayger_values *v, uint8_t type, const uint8_t **value, uint32_t *length) {
    uint64_t size = 0;
    uint32_t at = 1, shift = 0;
    if (v->length < 2 || v->bytes[0] != type) return false;
    for (;; shift += 7) {
        if (at >= v->length || shift > 28) return false;
        uint8_t byte = v->bytes[at++];
        size |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) break;
    }
    if (size > v->length - at) return false;
    *value = v->bytes + at;
    *length = (uint32_t)size;
    v->bytes += at + *length;
    v->length -= at + *length;
    return true;
}

/* A value of one to eight bytes, the lowest first. */
static inline bool fayger_take_fixed(fayger_values *v, uint8_t type, bool is_signed, uint64_t *value) {
    const uint8_t *bytes;
    uint32_t length;
    if (!fayger_take_operand(v, type, &bytes, &length) || length < 1 || length > 8) return false;
    *value = is_signed && bytes[length - 1] & 0x80 ? UINT64_MAX : 0;
    __builtin_memcpy(value, bytes, length);
    return true;
}

static inline bool fayger_take_unsigned(fayger_values *v, uint64_t *value) {
    return fayger_take_fixed(v, FAYGER_TYPE_UNSIGNED, false, value);
}

static inline bool fayger_take_signed(fayger_values *v, int64_t *value) {
    return fayger_take_fixed(v, FAYGER_TYPE_SIGNED, true, (uint64_t *)value);
}

static inline bool fayger_take_bytes(fayger_values *v, const uint8_t **bytes, uint32_t *length) {
    return fayger_take_operand(v, FAYGER_TYPE_BYTES, bytes, length);
}

/* Text does not end with a zero. */
static inline bool fayger_take_text(fayger_values *v, const char **text, uint32_t *length) {
    return fayger_take_operand(v, FAYGER_TYPE_TEXT, (const uint8_t **)text, length);
}

static inline bool fayger_take_bool(fayger_values *v, bool *value) {
    uint64_t number;
    if (!fayger_take_fixed(v, FAYGER_TYPE_BOOL, false, &number)) return false;
    *value = number;
    return true;
}

static inline bool fayger_take_f64(fayger_values *v, double *value) {
    uint64_t bits;
    if (!fayger_take_fixed(v, FAYGER_TYPE_F64, false, &bits)) return false;
    __builtin_memcpy(value, &bits, 8);
    return true;
}

static inline bool fayger_take_handle(fayger_values *v, uint32_t *handle) {
    uint64_t number;
    if (!fayger_take_fixed(v, FAYGER_TYPE_HANDLE, false, &number)) return false;
    *handle = (uint32_t)number;
    return true;
}

static inline bool fayger_take_list(fayger_values *v, fayger_values *list) {
    return fayger_take_operand(v, FAYGER_TYPE_LIST, &list->bytes, &list->length);
}

typedef struct {
    int32_t status; /* FAYGER_STATUS_… , or FAYGER_NOT_EMITTED or FAYGER_REPLY_CUT. */
    fayger_values values;
} fayger_reply;

/* The last reply, once more, into `buffer`. */
static inline fayger_reply fayger_last_reply(void *buffer, uint32_t capacity) {
    const uint8_t *bytes = buffer;
    int32_t length = fayger_v1_reply_read(buffer, capacity);
    fayger_reply reply = {FAYGER_REPLY_CUT, {bytes, 0}};
    if (length < 2 || (uint32_t)length > capacity) return reply;
    reply.status = bytes[0] | bytes[1] << 8;
    reply.values.bytes = bytes + 2;
    reply.values.length = (uint32_t)length - 2;
    return reply;
}

/* Emits the instruction, and reads its reply into `buffer`, which may be the one that the instruction is in. */
static inline fayger_reply fayger_emit(const fayger_writer *w, void *buffer, uint32_t capacity) {
    fayger_reply reply = {FAYGER_NOT_EMITTED, {0, 0}};
    if (w->failed) return reply;
    fayger_v1_emit(w->bytes, w->used);
    return fayger_last_reply(buffer, capacity);
}

typedef struct {
    uint32_t kind; /* FAYGER_EVENT_…; 0xFFFFFFFF where there is no event or it does not fit its buffer. */
    fayger_values values;
} fayger_event;

/* The event that is handled, in `on_event` alone. */
static inline fayger_event fayger_read_event(void *buffer, uint32_t capacity) {
    const uint8_t *bytes = buffer;
    int32_t length = fayger_v1_event_read(buffer, capacity);
    fayger_event event = {0xFFFFFFFF, {bytes, 0}};
    if (length < 3 || (uint32_t)length > capacity) return event;
    event.kind = FAYGER_EVENT_KIND(bytes[0], bytes[1] | bytes[2] << 8);
    event.values.bytes = bytes + 3;
    event.values.length = (uint32_t)length - 3;
    return event;
}

/* Ends the instance with an exit status. */
_Noreturn static inline void fayger_exit(int32_t status) {
    uint8_t buffer[16];
    fayger_writer w = fayger_instruction(buffer, sizeof buffer, FAYGER_PROC_EXIT);
    fayger_put_signed(&w, status);
    fayger_v1_emit(w.bytes, w.used);
    __builtin_trap(); /* It never returns. */
}

#endif
