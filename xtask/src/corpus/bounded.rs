//! Running a program within limits of time and memory; must not know what it does.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What became of a program.
pub(super) struct Ended {
    /// How it ended; none where it was stopped at the time limit.
    pub(super) status: Option<ExitStatus>,
    /// What it printed.
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// How long it ran.
    pub(super) elapsed: Duration,
}

/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(5);

/// A command that gets no more than this much memory, where the system's shell can say so.
pub(super) fn limited(program: &Path, mebibytes: u64) -> Command {
    if cfg!(unix) {
        let mut command = Command::new("sh");
        let script = format!(
            "ulimit -v {} 2>/dev/null; exec \"$0\" \"$@\"",
            mebibytes * 1024
        );
        command.arg("-c").arg(script).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// Runs a command to its end, or to the time limit. What it prints goes through files, which cannot fill up
/// and block it as a pipe would.
pub(super) fn run(mut command: Command, limit: Duration) -> std::io::Result<Ended> {
    let (stdout, stderr) = (
        tempfile::NamedTempFile::new()?,
        tempfile::NamedTempFile::new()?,
    );
    command
        .stdin(Stdio::null())
        .stdout(File::create(stdout.path())?)
        .stderr(File::create(stderr.path())?);
    let start = Instant::now();
    let mut child = command.spawn()?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(POLL);
    };
    let text =
        |file: &Path| std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(Ended {
        status,
        elapsed: start.elapsed(),
        stdout: text(stdout.path())?,
        stderr: text(stderr.path())?,
    })
}
