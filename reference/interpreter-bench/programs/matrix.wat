;; The product of two n by n matrices of f64, a[i][k] = i + k and b[k][j] = k - j, n at most 200: floating point and address arithmetic.
;; Every value is a whole number that an f64 holds exactly; the result is the sum of the product's entries.
(module
  (memory 20)
  (func $at (param $base i32) (param $n i32) (param $row i32) (param $column i32) (result i32)
    (i32.add (local.get $base)
      (i32.shl (i32.add (i32.mul (local.get $row) (local.get $n)) (local.get $column)) (i32.const 3))))
  (func (export "run") (param $n i32) (result i64)
    (local $a i32) (local $b i32) (local $i i32) (local $j i32) (local $k i32)
    (local $left i32) (local $right i32) (local $dot f64) (local $sum f64)
    (local.set $b (i32.mul (i32.const 8) (i32.mul (local.get $n) (local.get $n))))
    (loop $rows
      (local.set $k (i32.const 0))
      (loop $columns
        (f64.store (call $at (local.get $a) (local.get $n) (local.get $i) (local.get $k))
          (f64.convert_i32_s (i32.add (local.get $i) (local.get $k))))
        (f64.store (call $at (local.get $b) (local.get $n) (local.get $i) (local.get $k))
          (f64.convert_i32_s (i32.sub (local.get $i) (local.get $k))))
        (br_if $columns (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $left (call $at (local.get $a) (local.get $n) (local.get $i) (i32.const 0)))
        (local.set $right (call $at (local.get $b) (local.get $n) (i32.const 0) (local.get $j)))
        (local.set $k (i32.const 0))
        (local.set $dot (f64.const 0))
        (loop $product
          (local.set $dot (f64.add (local.get $dot) (f64.mul (f64.load (local.get $left)) (f64.load (local.get $right)))))
          (local.set $left (i32.add (local.get $left) (i32.const 8)))
          (local.set $right (i32.add (local.get $right) (i32.shl (local.get $n) (i32.const 3))))
          (br_if $product (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
        (local.set $sum (f64.add (local.get $sum) (local.get $dot)))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i64.trunc_f64_s (local.get $sum))))
