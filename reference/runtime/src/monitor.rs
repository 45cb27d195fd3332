//! The resource monitor: says that a quota is nearly used up before it is, once for each, and that it is.

use std::iter::repeat_n;

use fayger_contracts::Quotas;

use crate::error::Resource;
use crate::machine::Machine;
use crate::strategy::Usage;

/// A threshold is reached with this many percent of the limit.
//= RT-MONITOR-001
pub const THRESHOLD_PERCENT: u64 = 80;

/// What has been said of an instance's resources.
pub(crate) struct Monitor {
    quotas: Quotas,
    warned: Vec<Resource>,
    usage: Usage,
}

/// Something to tell of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Nearly used up.
    Threshold { resource: Resource, used: u64, limit: u64 },
    /// More was asked for than the limit allows.
    Refused { resource: Resource, limit: u64 },
}

impl Monitor {
    pub(crate) fn new(quotas: Quotas) -> Self {
        Self { quotas, warned: Vec::new(), usage: Usage::default() }
    }

    pub(crate) fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    /// What is to be told after the machine has run: of each refusal, however many there were.
    pub(crate) fn after_run(&mut self, machine: &Machine) -> impl Iterator<Item = Notice> + use<> {
        let usage = machine.usage();
        let before = std::mem::replace(&mut self.usage, usage);
        let Quotas { memory_bytes, table_elements, open_handles, fuel, wall_time, .. } = self.quotas;
        let mut notices = Vec::new();
        let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let used = [
            (Resource::Memory, usage.memory_bytes, Some(memory_bytes)),
            (Resource::Table, usage.table_elements, Some(table_elements)),
            (Resource::OpenHandles, machine.session.open_handles() as u64, Some(open_handles)),
            (Resource::Fuel, machine.fuel_used(), fuel),
            (Resource::WallTime, millis(machine.time_used()), wall_time.map(millis)),
        ];
        for (resource, used, limit) in used {
            if let Some(limit) = limit {
                notices.extend(self.seen(resource, used, limit));
            }
        }
        let refused = |resource, limit, now: u64, before| {
            let times = usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX);
            repeat_n(Notice::Refused { resource, limit }, times)
        };
        let memory = refused(Resource::Memory, memory_bytes, usage.memory_refusals, before.memory_refusals);
        let table = refused(Resource::Table, table_elements, usage.table_refusals, before.table_refusals);
        notices.into_iter().chain(memory).chain(table)
    }

    /// What is to be told where this much is used.
    pub(crate) fn seen(&mut self, resource: Resource, used: u64, limit: u64) -> Option<Notice> {
        let is_near = u128::from(used) * 100 >= u128::from(limit) * u128::from(THRESHOLD_PERCENT) && used > 0;
        if !is_near || self.warned.contains(&resource) {
            return None;
        }
        self.warned.push(resource);
        Some(Notice::Threshold { resource, used, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warns_once_at_four_fifths() {
        let mut monitor = Monitor::new(Quotas::default());
        assert_eq!(monitor.seen(Resource::EventQueue, 7, 10), None);
        let notice = Notice::Threshold { resource: Resource::EventQueue, used: 8, limit: 10 };
        assert_eq!(monitor.seen(Resource::EventQueue, 8, 10), Some(notice));
        assert_eq!(monitor.seen(Resource::EventQueue, 9, 10), None);
        // Nothing used is not nearly everything.
        assert_eq!(monitor.seen(Resource::Fuel, 0, 0), None);
    }
}
