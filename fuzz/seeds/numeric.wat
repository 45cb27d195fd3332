;; Arithmetic of every type, comparisons and conversions.
(module
  (func (export "i32") (param i32 i32) (result i32)
    (i32.rotl (i32.div_s (i32.mul (local.get 0) (i32.const 7)) (i32.or (local.get 1) (i32.const 1)))
      (i32.clz (i32.extend8_s (i32.shr_u (local.get 0) (local.get 1))))))
  (func (export "i64") (param i64) (result i32)
    (i64.le_u (i64.rem_u (i64.const 1000000007) (i64.add (local.get 0) (i64.const 3))) (i64.popcnt (local.get 0))))
  (func (export "f64") (param f64 f32) (result i64)
    (i64.trunc_sat_f64_u (f64.max (f64.sqrt (local.get 0)) (f64.promote_f32 (f32.nearest (local.get 1))))))
  (func (export "trunc") (param f32) (result i32) (i32.trunc_f32_s (f32.div (local.get 0) (f32.const 0)))))
