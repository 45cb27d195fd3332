//! Sizes and times on the command line.

use std::time::Duration;

use fayger_contracts::Quotas;

#[derive(clap::Args)]
#[command(next_help_heading = "Limits (the artifact's own apply too; the smaller wins)")]
pub(super) struct LimitArguments {
    /// Memory of the Fay, such as 65536, 512KiB or 64MiB.
    #[arg(long, value_name = "SIZE", default_value = "64MiB", value_parser = size)]
    memory: u64,
    /// Elements of its tables.
    #[arg(long, value_name = "COUNT", default_value_t = Quotas::default().table_elements)]
    table: u64,
    /// Events that may wait for it.
    #[arg(long, value_name = "COUNT", default_value_t = Quotas::default().event_queue)]
    events: u64,
    /// Files and timers that it may have open.
    #[arg(long, value_name = "COUNT", default_value_t = Quotas::default().open_handles)]
    handles: u64,
    /// Steps that it may execute, in the engine's own unit; without this, without end.
    #[arg(long, value_name = "COUNT")]
    fuel: Option<u64>,
    /// Time that it may execute for, such as 500ms, 10s or 5m; waiting does not count. Without this, without end.
    #[arg(long, value_name = "TIME", value_parser = time)]
    wall_time: Option<Duration>,
}

impl LimitArguments {
    pub(super) fn quotas(&self) -> Quotas {
        Quotas {
            memory_bytes: self.memory,
            table_elements: self.table,
            event_queue: self.events,
            open_handles: self.handles,
            fuel: self.fuel,
            wall_time: self.wall_time,
        }
    }
}

/// A number of bytes, with a unit or without.
fn size(text: &str) -> Result<u64, String> {
    let units = [("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
    with_unit(text, &units).ok_or_else(|| "not a size, such as 65536, 512KiB or 64MiB".to_owned())
}

/// A time, with a unit.
fn time(text: &str) -> Result<Duration, String> {
    let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
    let milliseconds = with_unit(text, &units).ok_or_else(|| "not a time, such as 500ms, 10s or 5m".to_owned())?;
    Ok(Duration::from_millis(milliseconds))
}

fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_have_units() {
        assert_eq!(["0", "512KiB", "1GiB"].map(|text| size(text).ok()), [Some(0), Some(524_288), Some(1_073_741_824)]);
        assert_eq!(["", "KiB", "1kb", "-1", "18446744073709551615KiB"].map(|text| size(text).ok()), [None; 5]);
        let expected = [500, 10_000, 300_000, 7_200_000].map(|milliseconds| Ok(Duration::from_millis(milliseconds)));
        assert_eq!(["500ms", "10s", "5m", "2h"].map(time), expected);
        assert_eq!(["10", "s", "1.5s", "10 s"].map(|text| time(text).ok()), [None; 4]);
    }
}
