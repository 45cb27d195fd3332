//! What is worth a look before the next host call: so that what is nearly used up is told before whatever happens after it, in slices of any length.
//!
//! A few comparisons, since an emit is to cost no lock: what is told, and whether it was told before, is the [monitor](crate::monitor)'s.

use std::time::Duration;

use fayger_contracts::Quotas;

use crate::monitor::THRESHOLD_PERCENT;
use crate::strategy::Usage;

/// The least that is near a limit, and not nothing.
fn near(limit: u64) -> u64 {
    let least = (u128::from(limit) * u128::from(THRESHOLD_PERCENT)).div_ceil(100).max(1);
    u64::try_from(least).unwrap_or(u64::MAX)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What is in use of a machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InUse {
    pub(crate) code: Usage,
    pub(crate) open_handles: u64,
    pub(crate) fuel: u64,
    pub(crate) time: Duration,
}

/// From where on each resource is worth a look.
pub(crate) struct Watch {
    memory_bytes: u64,
    table_elements: u64,
    open_handles: u64,
    fuel: u64,
    time: Duration,
    memory_refusals: u64,
    table_refusals: u64,
}

impl Watch {
    pub(crate) fn new(quotas: &Quotas) -> Self {
        Self {
            memory_bytes: near(quotas.memory_bytes),
            table_elements: near(quotas.table_elements),
            open_handles: near(quotas.open_handles),
            fuel: quotas.fuel.map_or(u64::MAX, near),
            // The monitor counts milliseconds.
            time: quotas.wall_time.map_or(Duration::MAX, |limit| Duration::from_millis(near(millis(limit)))),
            memory_refusals: 0,
            table_refusals: 0,
        }
    }

    /// Whether something was reached, or refused, that was not before.
    pub(crate) fn has_news(&mut self, used: &InUse) -> bool {
        let code = used.code;
        let mut is_new = code.memory_refusals > self.memory_refusals || code.table_refusals > self.table_refusals;
        (self.memory_refusals, self.table_refusals) = (code.memory_refusals, code.table_refusals);
        for (used, from) in [
            (code.memory_bytes, &mut self.memory_bytes),
            (code.table_elements, &mut self.table_elements),
            (used.open_handles, &mut self.open_handles),
            (used.fuel, &mut self.fuel),
        ] {
            if used >= *from {
                is_new = true;
                *from = u64::MAX;
            }
        }
        if used.time >= self.time {
            is_new = true;
            self.time = Duration::MAX;
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_used_up_is_news_once() {
        let quotas = Quotas { memory_bytes: 10, fuel: Some(4), ..Quotas::default() };
        let mut watch = Watch::new(&quotas);
        let used =
            |memory_bytes, fuel| InUse { code: Usage { memory_bytes, ..Usage::default() }, fuel, ..InUse::default() };
        assert!(!watch.has_news(&used(7, 3)));
        assert!(watch.has_news(&used(8, 3)));
        assert!(!watch.has_news(&used(9, 3)));
        assert!(watch.has_news(&used(9, 4)));
        assert!(!watch.has_news(&used(10, 5)));
    }

    #[test]
    fn what_is_refused_is_news_each_time_and_nothing_used_is_none() {
        let mut watch = Watch::new(&Quotas { open_handles: 0, ..Quotas::default() });
        let refused =
            |memory_refusals| InUse { code: Usage { memory_refusals, ..Usage::default() }, ..InUse::default() };
        assert!(!watch.has_news(&refused(0)));
        assert!(watch.has_news(&refused(1)));
        assert!(!watch.has_news(&refused(1)));
        assert!(watch.has_news(&refused(3)));
    }
}
