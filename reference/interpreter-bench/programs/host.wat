;; n calls of a host function that adds one: the price of leaving the interpreter and coming back. The result is n.
(module
  (import "host" "next" (func $next (param i32) (result i32)))
  (func (export "run") (param $n i32) (result i64)
    (local $i i32)
    (loop $again
      (br_if $again (i32.lt_u (local.tee $i (call $next (local.get $i))) (local.get $n))))
    (i64.extend_i32_u (local.get $i))))
