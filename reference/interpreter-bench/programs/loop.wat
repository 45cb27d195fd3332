;; A tight integer loop: the price of a fused compare and branch, and of arithmetic on locals. The sum of the squares below n.
(module
  (func (export "run") (param $n i32) (result i64)
    (local $i i32) (local $sum i64) (local $square i64)
    (loop $again
      (local.set $square (i64.mul (i64.extend_i32_u (local.get $i)) (i64.extend_i32_u (local.get $i))))
      (local.set $sum (i64.add (local.get $sum) (local.get $square)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $sum)))
