//! When and where figures are taken, as far as the system tells.

use std::process::Command;

use super::report::Machine;

/// This machine.
pub(super) fn this() -> Machine {
    Machine {
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        processor: line("/proc/cpuinfo", "model name").unwrap_or_default(),
        processors: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        memory_mib: line("/proc/meminfo", "MemTotal")
            .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
            .map(|kib| kib / 1024),
        rustc: rustc().unwrap_or_default(),
        load: std::fs::read_to_string("/proc/loadavg")
            .ok()
            .and_then(|text| text.split_whitespace().next()?.parse().ok()),
    }
}

/// The value of the first line `key: value` of a file of the system.
fn line(path: &str, key: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    let (_, value) = line.split_once(':')?;
    Some(value.trim().to_owned())
}

fn rustc() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned())
}

/// The day in UTC, as `2026-11-20`.
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}
