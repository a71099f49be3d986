;; Copies between the guest's memory and the core's, bounds checked against the guest's size at this moment. The core
;; trusts its own side. The build makes two of it: this one, and one that imports the core's memory as shared. Returns 0, or 1 where the guest's range is not all inside its memory.
(module
  (import "core" "memory" (memory $core 1))
  (import "guest" "memory" (memory $guest 0))

  ;; Nothing lives below 1024, where a C compiler's data begins: a null pointer is as bad here as on any other system.
  (func $outside (param $pointer i32) (param $length i32) (result i32)
    (i32.or
      (i32.lt_u (local.get $pointer) (i32.const 1024))
      (i64.gt_u
        (i64.add (i64.extend_i32_u (local.get $pointer)) (i64.extend_i32_u (local.get $length)))
        (i64.shl (i64.extend_i32_u (memory.size $guest)) (i64.const 16)))))

  ;; No bytes are nowhere: memory.copy itself would trap on the pointer.
  (func (export "copyin") (param $to i32) (param $from i32) (param $length i32) (result i32)
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (if (call $outside (local.get $from) (local.get $length)) (then (return (i32.const 1))))
    (memory.copy $core $guest (local.get $to) (local.get $from) (local.get $length))
    (i32.const 0))

  (func (export "copyout") (param $to i32) (param $from i32) (param $length i32) (result i32)
    (if (i32.eqz (local.get $length)) (then (return (i32.const 0))))
    (if (call $outside (local.get $to) (local.get $length)) (then (return (i32.const 1))))
    (memory.copy $guest $core (local.get $to) (local.get $from) (local.get $length))
    (i32.const 0)))
