;; A register machine over one br_table: the price of a jump that no branch predictor likes. Its program walks the Collatz sequence from every
;; start below n and keeps the start with the longest walk: start * 2^32 + steps.
;;
;; An instruction is four bytes: opcode, and three operands. Registers are eight i64 at address 0; code begins at 64.
;;   0 halt           1 copy a <- b       2 const a <- byte b   3 add a <- b + c    4 odd a <- b & 1
;;   5 half a <- b/2  6 triple a <- 3b+1  7 jump to c           8 jump to c if a    9 jump to c if a < b (unsigned)
;; Registers: 0 n, 1 start, 2 value, 3 steps, 4 best start, 5 best steps, 6 scratch, 7 one.
(module
  (memory 1)
  (data (i32.const 64)
    "\02\07\01\00"   ;;  0  one <- 1
    "\02\04\00\00"   ;;  1  best start <- 0
    "\02\05\00\00"   ;;  2  best steps <- 0
    "\02\01\01\00"   ;;  3  start <- 1
    "\09\01\00\06"   ;;  4  if start < n go to 6
    "\00\00\00\00"   ;;  5  halt
    "\01\02\01\00"   ;;  6  value <- start
    "\02\03\00\00"   ;;  7  steps <- 0
    "\09\07\02\0d"   ;;  8  if 1 < value go to 13
    "\09\05\03\12"   ;;  9  if best steps < steps go to 18
    "\03\01\01\07"   ;; 10  start <- start + 1
    "\07\00\00\04"   ;; 11  go to 4
    "\00\00\00\00"   ;; 12  halt
    "\03\03\03\07"   ;; 13  steps <- steps + 1
    "\04\06\02\00"   ;; 14  scratch <- value & 1
    "\08\06\00\15"   ;; 15  if scratch go to 21
    "\05\02\02\00"   ;; 16  value <- value / 2
    "\07\00\00\08"   ;; 17  go to 8
    "\01\05\03\00"   ;; 18  best steps <- steps
    "\01\04\01\00"   ;; 19  best start <- start
    "\07\00\00\0a"   ;; 20  go to 10
    "\06\02\02\00"   ;; 21  value <- 3 value + 1
    "\07\00\00\08")  ;; 22  go to 8
  (func (export "run") (param $n i32) (result i64)
    (local $code i32) (local $a i32) (local $b i32) (local $c i32)
    (i64.store (i32.const 0) (i64.extend_i32_u (local.get $n)))
    (local.set $code (i32.const 64))
    (loop $step
      (local.set $a (i32.shl (i32.load8_u offset=1 (local.get $code)) (i32.const 3)))
      (local.set $b (i32.shl (i32.load8_u offset=2 (local.get $code)) (i32.const 3)))
      (local.set $c (i32.load8_u offset=3 (local.get $code)))
      (block $halt (block $copy (block $const (block $add (block $odd (block $half (block $triple (block $jump (block $jump_if (block $jump_less
        (br_table $halt $copy $const $add $odd $half $triple $jump $jump_if $jump_less $halt (i32.load8_u (local.get $code))))
        ;; jump_less
        (if (i64.lt_u (i64.load (local.get $a)) (i64.load (local.get $b)))
          (then (local.set $code (i32.add (i32.const 64) (i32.shl (local.get $c) (i32.const 2)))) (br $step)))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; jump_if
        (if (i64.ne (i64.load (local.get $a)) (i64.const 0))
          (then (local.set $code (i32.add (i32.const 64) (i32.shl (local.get $c) (i32.const 2)))) (br $step)))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; jump
        (local.set $code (i32.add (i32.const 64) (i32.shl (local.get $c) (i32.const 2))))
        (br $step))
        ;; triple
        (i64.store (local.get $a) (i64.add (i64.mul (i64.load (local.get $b)) (i64.const 3)) (i64.const 1)))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; half
        (i64.store (local.get $a) (i64.shr_u (i64.load (local.get $b)) (i64.const 1)))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; odd
        (i64.store (local.get $a) (i64.and (i64.load (local.get $b)) (i64.const 1)))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; add
        (i64.store (local.get $a)
          (i64.add (i64.load (local.get $b)) (i64.load (i32.shl (local.get $c) (i32.const 3)))))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; const
        (i64.store (local.get $a) (i64.extend_i32_u (i32.shr_u (local.get $b) (i32.const 3))))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step))
        ;; copy
        (i64.store (local.get $a) (i64.load (local.get $b)))
        (local.set $code (i32.add (local.get $code) (i32.const 4)))
        (br $step)))
    ;; halt
    (i64.or (i64.shl (i64.load (i32.const 32)) (i64.const 32)) (i64.load (i32.const 40)))))
