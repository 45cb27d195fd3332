//! The exports that an artifact's `entry` names.

/// Exports a Fay's functions: `start` and, each where there is one, `init` and `on_event`.
///
/// `init` and `start` take nothing, `on_event` the length of the event in bytes. Each gives an `i32`: `init` 0, or why it refuses; `start` 0 to go on
/// and wait for events, where there is `on_event`, else the exit status; `on_event` 0 to go on, else the exit status. On `wasm32` it also makes a
/// panic a trap. Called once, in the Fay's crate.
#[macro_export]
macro_rules! export {
    (start = $start:path $(, init = $init:path)? $(, on_event = $on_event:path)? $(,)?) => {
        // Here the names of the Fay are hidden by those that are defined: so these are others.
        const _: () = {
            #[cfg_attr(target_arch = "wasm32", unsafe(export_name = "start"))]
            #[allow(dead_code, reason = "only what runs the Fay calls it")]
            extern "C" fn exported_start() -> i32 {
                $start()
            }

            $(
                #[cfg_attr(target_arch = "wasm32", unsafe(export_name = "init"))]
                #[allow(dead_code, reason = "only what runs the Fay calls it")]
                extern "C" fn exported_init() -> i32 {
                    $init()
                }
            )?

            $(
                #[cfg_attr(target_arch = "wasm32", unsafe(export_name = "on_event"))]
                #[allow(dead_code, reason = "only what runs the Fay calls it")]
                extern "C" fn exported_on_event(length: u32) -> i32 {
                    $on_event(length)
                }
            )?

            #[cfg(target_arch = "wasm32")]
            #[panic_handler]
            fn panic(_: &::core::panic::PanicInfo<'_>) -> ! {
                ::core::arch::wasm32::unreachable()
            }
        };
    };
}
