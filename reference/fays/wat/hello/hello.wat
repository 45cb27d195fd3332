;; A Fay by hand, without any SDK: reads a name from standard input and greets it. Where there is none it says so and ends with 2.
;; hello.wasm is what the crate `wat` 1.263 makes of this file, so `wasm-tools parse hello.wat -o hello.wasm` too; a test compares the two.
(module
  (import "fayger_v1" "emit" (func $emit (param $instruction i32) (param $length i32) (result i32)))
  (import "fayger_v1" "reply_read" (func $reply_read (param $to i32) (param $capacity i32) (result i32)))
  (memory (export "memory") 1 1)

  ;; An instruction: category, number u16, capabilities u16, then operands: type, length, value.
  ;; io.stdin_read: category 0, number 1, capability io.stdio (bit 0); operand max, unsigned (type 1), one byte: 64.
  (data (i32.const 0) "\00\01\00\01\00" "\01\01\40")
  ;; io.stderr_write, number 3: operand data, bytes (type 3), 10 of them.
  (data (i32.const 16) "\00\03\00\01\00" "\03\0A" "who is it\0A")
  ;; proc.exit: category 6, number 48, no capability; operand status, signed (type 2), one byte: 2.
  (data (i32.const 48) "\06\30\00\00\00" "\02\01\02")
  ;; io.stdout_write, number 2: operand data, whose length is put at 70, and which begins at 71.
  (data (i32.const 64) "\00\02\00\01\00" "\03\00" "hello, ")

  ;; Emits $length bytes at $instruction, reads the reply to 256 and gives its status.
  (func $call (param $instruction i32) (param $length i32) (result i32)
    (drop (call $emit (local.get $instruction) (local.get $length)))
    (drop (call $reply_read (i32.const 256) (i32.const 256)))
    (i32.load16_u (i32.const 256)))

  (func (export "start") (result i32)
    (local $length i32)
    (if (call $call (i32.const 0) (i32.const 8))
      (then (return (i32.const 1))))
    ;; The reply: status at 256, type 3 at 258, length at 259, at most 64, and so one byte; the name from 260 on, without the end of its line.
    (local.set $length (i32.load8_u (i32.const 259)))
    (block $ended
      (loop $next
        (br_if $ended (i32.eqz (local.get $length)))
        (br_if $ended (i32.gt_u (i32.load8_u (i32.add (i32.const 259) (local.get $length))) (i32.const 32)))
        (local.set $length (i32.sub (local.get $length) (i32.const 1)))
        (br $next)))
    (if (i32.eqz (local.get $length))
      (then
        (drop (call $call (i32.const 16) (i32.const 17)))
        ;; It never returns.
        (drop (call $call (i32.const 48) (i32.const 8)))
        unreachable))
    (memory.copy (i32.const 78) (i32.const 260) (local.get $length))
    (i32.store8 (i32.add (i32.const 78) (local.get $length)) (i32.const 10))
    ;; "hello, " has 7 bytes, the end of the line 1; before the data there are 7.
    (i32.store8 (i32.const 70) (i32.add (local.get $length) (i32.const 8)))
    (call $call (i32.const 64) (i32.add (local.get $length) (i32.const 15)))))
