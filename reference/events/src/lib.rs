//! The observability event bus: what every layer tells, in one order, to whoever listens.
//!
//! [`EventBus`] is an `Observer`: it is given to the loader, the trust store, the instruction bus and the runtime. A listener takes a
//! [`Subscription`], which holds so many [`Record`]s and no more; what does not fit is counted, and leaves a gap in the sequence. No layer ever waits
//! for a listener. It knows what happened and when, and no layer's types but the contracts'.

mod bus;
mod record;
mod trace;
#[cfg(feature = "tracing")]
mod tracing;

pub use bus::{EventBus, Subscription};
pub use record::Record;
pub use trace::TraceContext;

#[cfg(feature = "tracing")]
pub use self::tracing::forward;
