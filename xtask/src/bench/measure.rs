//! What a program costs: run as the one child of this program, which asks the system afterwards. It must not know what
//! the program does.
//!
//! This program is its own messenger: with [`VARIABLE`] set it runs its arguments and writes what they cost to that
//! file, be it as `RUSTC_WRAPPER` or before a generator.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// Where the cost of a program is written.
pub(super) const VARIABLE: &str = "CALLWRIGHT_BENCH_COST";
/// As `RUSTC_WRAPPER`: the crate whose compilation counts; others are built unseen.
pub(super) const CRATE: &str = "CALLWRIGHT_BENCH_CRATE";

/// A program that takes longer than this has failed.
const LIMIT: Duration = Duration::from_secs(1800);
const POLL: Duration = Duration::from_millis(5);

/// What a program cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cost {
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Seconds of all processors, those of the system for it included.
    pub(super) cpu: f64,
    /// The highest memory use in mebibytes.
    pub(super) peak_mib: f64,
}

impl Cost {
    /// The median of each figure for itself.
    pub(super) fn median(costs: &[Self]) -> Option<Self> {
        let of = |figure: fn(&Self) -> f64| median(costs.iter().map(figure).collect());
        Some(Self {
            wall: of(|cost| cost.wall)?,
            cpu: of(|cost| cost.cpu)?,
            peak_mib: of(|cost| cost.peak_mib)?,
        })
    }
}

/// The median; none of nothing.
pub(super) fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    let high = *figures.get(middle)?;
    Some(if figures.len() % 2 == 1 {
        high
    } else {
        f64::midpoint(figures[middle - 1], high)
    })
}

/// The messenger's part: runs the arguments, writes what they cost, and ends as they do. None where this program was
/// called for itself.
pub(super) fn messenger() -> Option<ExitCode> {
    let file = std::env::var_os(VARIABLE)?;
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next()?;
    let arguments: Vec<OsString> = arguments.collect();
    let counts = std::env::var_os(CRATE).is_none_or(|name| compiles(&arguments, &name));
    let mut command = Command::new(program);
    command
        .args(&arguments)
        .env_remove(VARIABLE)
        .env_remove(CRATE);
    let start = Instant::now();
    let status = match command.status() {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error}");
            return Some(ExitCode::from(127));
        }
    };
    let wall = start.elapsed().as_secs_f64();
    if counts && let Some(cost) = children(wall) {
        let text = serde_json::to_string(&cost).unwrap_or_default();
        if let Err(error) = std::fs::write(&file, text) {
            eprintln!("error: the cost cannot be written: {error}");
            return Some(ExitCode::from(126));
        }
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Some(ExitCode::from(code.unwrap_or(101)))
}

/// Whether the arguments of rustc name the crate.
fn compiles(arguments: &[OsString], name: &OsStr) -> bool {
    let is_name = |word: &OsString| word.to_str() == Some("--crate-name");
    arguments
        .windows(2)
        .any(|pair| is_name(&pair[0]) && pair[1] == name)
}

/// What the children that have ended cost.
#[cfg(unix)]
fn children(wall: f64) -> Option<Cost> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let seconds = |time: nix::sys::time::TimeVal| {
        let whole = u32::try_from(time.tv_sec()).unwrap_or(u32::MAX);
        let micros = u32::try_from(time.tv_usec()).unwrap_or(0);
        f64::from(whole) + f64::from(micros) / 1e6
    };
    // Kibibytes everywhere but where Darwin counts bytes.
    let per_mib = if cfg!(target_vendor = "apple") {
        1 << 20
    } else {
        1 << 10
    };
    let peak = u32::try_from(usage.max_rss() / (per_mib / 16)).unwrap_or(u32::MAX);
    Some(Cost {
        wall,
        cpu: seconds(usage.user_time()) + seconds(usage.system_time()),
        peak_mib: f64::from(peak) / 16.0,
    })
}

#[cfg(not(unix))]
fn children(_: f64) -> Option<Cost> {
    None
}

/// Runs a command with the messenger between, and returns what it cost, or why it failed in a line or two.
pub(super) fn cost_of(program: &Path, prepare: impl FnOnce(&mut Command)) -> Result<Cost, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let (file, _) = temporary()?;
    let mut command = Command::new(own);
    command.arg(program).env(VARIABLE, file.path());
    prepare(&mut command);
    run(command)?;
    read(file.path()).ok_or_else(|| "the system does not tell what programs cost".to_owned())
}

/// The cost that a messenger wrote; none where it wrote nothing.
pub(super) fn read(file: &Path) -> Option<Cost> {
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}

fn temporary() -> Result<(tempfile::NamedTempFile, std::fs::File), String> {
    let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let handle = file.reopen().map_err(|error| error.to_string())?;
    Ok((file, handle))
}

/// Runs a command to its end without showing what it says; a failure is told by its last lines that say something. What it
/// says goes through a file, which cannot fill up as a pipe does.
pub(super) fn run(mut command: Command) -> Result<String, String> {
    let (errors, error_file) = temporary()?;
    let (output, output_file) = temporary()?;
    command
        .stdin(Stdio::null())
        .stdout(output_file)
        .stderr(error_file);
    group(&mut command);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > LIMIT {
            stop(&mut child);
            return Err(format!("not done within {} s", LIMIT.as_secs()));
        }
        std::thread::sleep(POLL);
    };
    let text = |file: &Path| {
        let bytes = std::fs::read(file).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    if status.success() {
        return Ok(text(output.path()));
    }
    let said = text(errors.path()) + &text(output.path());
    Err(reason(&said).unwrap_or_else(|| status.to_string()))
}

/// The first line that tells of an error, or the last that says anything.
fn reason(said: &str) -> Option<String> {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = |line: &&str| {
        let line = line.to_ascii_lowercase();
        line.starts_with("error") || line.contains("panicked") || line.starts_with('×')
    };
    let line = lines().find(error).or_else(|| lines().next_back())?;
    Some(line.chars().take(200).collect())
}

/// Makes the command the head of a group of processes, which can be ended as one.
#[cfg(unix)]
fn group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn group(_: &mut Command) {}

/// Ends a command with all that it started.
fn stop(child: &mut std::process::Child) {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(child.id()) {
        use nix::sys::signal::{Signal, killpg};
        let _ = killpg(nix::unistd::Pid::from_raw(id), Signal::SIGKILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::{Cost, compiles, median, reason};

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
        let costs = [1.0, 5.0, 3.0].map(|wall| Cost {
            wall,
            ..Cost::default()
        });
        assert_eq!(Cost::median(&costs).map(|cost| cost.wall), Some(3.0));
    }

    #[test]
    fn only_the_named_crate_counts() {
        let line = ["rustc", "--crate-name", "a", "--edition", "2024"].map(Into::into);
        assert!(compiles(&line, "a".as_ref()));
        assert!(!compiles(&line, "edition".as_ref()));
        assert!(!compiles(&line[..2], "a".as_ref()));
    }

    #[test]
    fn a_reason_is_the_first_error() {
        let said = "reading\nerror[E0425]: cannot find `x`\nerror: aborting\n";
        assert_eq!(
            reason(said).as_deref(),
            Some("error[E0425]: cannot find `x`")
        );
        assert_eq!(reason("a\nb\n\n").as_deref(), Some("b"));
        assert_eq!(reason(" \n"), None);
    }
}
