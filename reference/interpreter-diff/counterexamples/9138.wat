(module
  (type (;0;) (func))
  (memory (;0;) 1 16)
  (global (;0;) (mut i32) i32.const 0)
  (global (;1;) (mut i64) i64.const 0)
  (global (;2;) (mut i32) i32.const 0)
  (export "M_q\u{10}X" (func 0))
  (export "" (func 1))
  (export "2" (func 2))
  (export "3" (func 3))
  (export "4" (func 4))
  (export "5" (memory 0))
  (export "6" (global 0))
  (export "7" (global 1))
  (export "8" (global 2))
  (elem (;0;) externref)
  (func (;0;) (type 0)
    (local f32 f64 i32 i32 f64)
    i32.const 4
    f64.const -0x1p+1021 (;=-22471164185778950000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000;)
    i32.trunc_sat_f64_s
    local.set 2
    i32.const 1
    local.get 2
    local.get 2
    i32.eqz
    select
    local.set 2
    local.set 3
    block ;; label = @1
      block ;; label = @2
        local.get 3
        local.get 2
        local.set 2
        local.tee 3
        i32.const -2147483648
        i32.ne
        br_if 0 (;@2;)
        local.get 2
        i32.const -1
        i32.ne
        br_if 0 (;@2;)
        i32.const 1
        local.set 2
        br 1 (;@1;)
      end
    end
    local.get 3
    local.get 2
    i32.rem_s
    loop ;; label = @1
      call 3
      f64.const -0x1.362410dd296c3p-178 (;=-0.0000000000000000000000000000000000000000000000000000031621307580165587;)
      local.tee 4
      local.get 4
      f64.ne
      local.get 4
      f64.const inf (;=inf;)
      f64.eq
      local.get 4
      f64.const -inf (;=-inf;)
      f64.eq
      i32.or
      i32.or
      if ;; label = @2
        f64.const 0x0p+0 (;=0;)
        local.set 4
      end
      local.get 4
      f64.const -0x1p+31 (;=-2147483648;)
      f64.lt
      if ;; label = @2
        f64.const -0x1p+31 (;=-2147483648;)
        local.set 4
      end
      local.get 4
      f64.const 0x1.fffffffcp+30 (;=2147483647;)
      f64.gt
      if ;; label = @2
        f64.const 0x1.fffffffcp+30 (;=2147483647;)
        local.set 4
      end
      local.get 4
      i32.trunc_f64_s
      global.get 0
      i32.xor
      global.set 0
    end
    global.get 0
    i32.xor
    global.set 0
  )
  (func (;1;) (type 0)
    (local i32 i32 i64 i32 i32)
    elem.drop 0
    elem.drop 0
    f32.const -nan:0x7ff000 (;=NaN;)
    i32.reinterpret_f32
    local.set 1
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 37522
        local.get 1
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 1
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 1
        i64.load32_s offset=37514 align=2
        local.set 2
        br 1 (;@1;)
      end
      i64.const 0
      local.set 2
    end
    local.get 2
    i32.wrap_i64
    br 0
    local.get 0
    i32.le_u
    if ;; label = @1
    else
      local.get 0
      block ;; label = @2
        memory.size
        i32.ctz
        local.set 3
        block ;; label = @3
          block ;; label = @4
            memory.size
            i32.const 65536
            i32.mul
            i32.const 17373
            local.get 3
            i32.add
            i32.le_u
            br_if 0 (;@4;)
            local.get 3
            i32.const 0
            i32.le_s
            br_if 0 (;@4;)
            local.get 3
            i32.load8_s offset=17369
            local.set 4
            br 1 (;@3;)
          end
          i32.const 0
          local.set 4
        end
        local.get 4
        global.get 0
        i32.xor
        global.set 0
      end
      global.get 0
      i32.xor
      global.set 0
    end
  )
  (func (;2;) (type 0)
    (local f64 externref i32 f64 i32 i32)
    br 0
    local.get 0
    memory.size
    local.set 2
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 49628
        local.get 2
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 2
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 2
        f64.load offset=49620 align=2
        local.set 3
        br 1 (;@1;)
      end
      f64.const 0x0p+0 (;=0;)
      local.set 3
    end
    local.get 3
    f64.gt
    local.set 4
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 2115
        local.get 4
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 4
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 4
        i32.load offset=2111 align=2
        local.set 5
        br 1 (;@1;)
      end
      i32.const 0
      local.set 5
    end
    local.get 5
    f32.const -nan:0x7ffbff (;=NaN;)
    local.get 0
    br 0
    local.get 1
    f64.const -nan:0xffff7ffffffff (;=NaN;)
    f64.neg
    drop
    drop
    i64.reinterpret_f64
    global.get 1
    i64.xor
    global.set 1
    i32.reinterpret_f32
    global.get 2
    i32.xor
    global.set 2
    global.get 0
    i32.xor
    global.set 0
  )
  (func (;3;) (type 0)
    (local i32 i64 i32 i32 i32 i32)
    f64.const -nan:0xffffff0000000 (;=NaN;)
    i64.trunc_sat_f64_u
    loop ;; label = @1
    end
    f64.const -nan:0xfffffffbfffff (;=NaN;)
    i32.trunc_sat_f64_s
    local.set 0
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 14233
        local.get 0
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 0
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 0
        i64.load16_s offset=14225 align=1
        local.set 1
        br 1 (;@1;)
      end
      i64.const 0
      local.set 1
    end
    local.get 1
    i64.gt_u
    local.set 2
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 43782
        local.get 2
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 2
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 2
        i32.load8_s offset=43778
        local.set 3
        br 1 (;@1;)
      end
      i32.const 0
      local.set 3
    end
    local.get 3
    local.set 4
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 39503
        local.get 4
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 4
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 4
        i32.load16_s offset=39499 align=1
        local.set 5
        br 1 (;@1;)
      end
      i32.const 0
      local.set 5
    end
    local.get 5
    global.get 0
    i32.xor
    global.set 0
  )
  (func (;4;) (type 0)
    (local i32 i32 i32 i32 i64)
    memory.size
    local.set 1
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 31248
        local.get 1
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 1
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 1
        i32.load8_s offset=31244
        local.set 2
        br 1 (;@1;)
      end
      i32.const 0
      local.set 2
    end
    local.get 2
    local.set 3
    block ;; label = @1
      block ;; label = @2
        memory.size
        i32.const 65536
        i32.mul
        i32.const 4863
        local.get 3
        i32.add
        i32.le_u
        br_if 0 (;@2;)
        local.get 3
        i32.const 0
        i32.le_s
        br_if 0 (;@2;)
        local.get 3
        i64.load32_s offset=4855 align=2
        local.set 4
        br 1 (;@1;)
      end
      i64.const 0
      local.set 4
    end
    local.get 4
    f32.convert_i64_u
    memory.size
    f32.convert_i32_s
    f64.promote_f32
    i32.trunc_sat_f64_u
    br 0
    br_table 0 0
    call 3
    ref.null extern
    local.get 0
    local.set 0
    drop
    i32.reinterpret_f32
    global.get 2
    i32.xor
    global.set 2
  )
)
