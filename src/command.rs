//! A command and a text → the output of the command that reads the text. Bounded: a program that
//! takes too long or prints too much is ended, with all programs that it started.
//!
//! Must not know: blocks, what the output is.

mod complaint;

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

pub use self::complaint::{escaped, reason};

/// Most bytes of error messages that are kept.
const LONGEST_COMPLAINT: u64 = 4 << 10;

/// Longest wait for error messages of a program that has ended.
const COMPLAINT_WAIT: Duration = Duration::from_secs(1);

/// Longest pause between two looks at a program that has closed its output.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// The limits of a program.
#[derive(Debug, Clone, Copy)]
pub struct CommandLimits {
    /// The time in which it has to end.
    pub time: Duration,
    /// Most bytes that it may print.
    pub output: u64,
}

/// The reason why a command gives no output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandFailure {
    /// There is no such program.
    NotInstalled,
    /// The system does not run it, for this reason.
    NotStarted(String),
    /// It took longer than it may.
    Slow,
    /// It was stopped.
    Stopped,
    /// It printed more than it may.
    Large,
    /// It ended with an error.
    Failed {
        /// The exit code; `None` if a signal ended it.
        code: Option<i32>,
        /// The beginning of its error messages.
        complaint: String,
    },
}

/// Runs a program in a folder. Its path is relative to that folder if it has a `/`.
///
/// # Errors
/// The reason why there is no output, or not the whole.
pub fn run(
    words: &[String],
    folder: &Path,
    input: &str,
    limits: CommandLimits,
) -> Result<Vec<u8>, CommandFailure> {
    run_until(words, folder, input, limits, &AtomicBool::new(false))
}

/// The same, until `stop` is true: a program that leads its group hears nothing of the keys that
/// end this one.
///
/// # Errors
/// The reason why there is no output, or not the whole.
pub fn run_until(
    words: &[String],
    folder: &Path,
    input: &str,
    limits: CommandLimits,
    stop: &AtomicBool,
) -> Result<Vec<u8>, CommandFailure> {
    let deadline = Instant::now() + limits.time;
    let mut process = Process(start(words, folder)?);
    let child = &mut process.0;
    feed(child, input)?;
    let output =
        child.stdout.take().map(|stream| collect(stream, limits.output + 1)).transpose()?;
    let complaint =
        child.stderr.take().map(|stream| collect(stream, LONGEST_COMPLAINT)).transpose()?;
    let Some(output) = output else { return Err(CommandFailure::Slow) };
    let output = received(&output, deadline, stop)?;
    if output.len() as u64 > limits.output {
        return Err(CommandFailure::Large);
    }
    let status = end_of(child, deadline, stop)?;
    if status.success() {
        return Ok(output);
    }
    // A program that goes on in the background may hold the pipe open.
    let complaint = complaint.and_then(|complaint| complaint.recv_timeout(COMPLAINT_WAIT).ok());
    let complaint = String::from_utf8_lossy(&complaint.unwrap_or_default()).into_owned();
    Err(CommandFailure::Failed { code: status.code(), complaint })
}

/// A program that is ended when it is no longer wanted.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended is not ended again: its number may be another program's by now.
        if let Ok(None) = self.0.try_wait() {
            end_group(&self.0);
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

fn start(words: &[String], folder: &Path) -> Result<Child, CommandFailure> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(CommandFailure::NotInstalled);
    };
    let mut command = Command::new(place_of(program, folder));
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    lead_group(&mut command);
    command.spawn().map_err(|error| match error.kind() {
        // Of a script the system says the same if its interpreter is missing.
        io::ErrorKind::NotFound if is_there(program, folder) => CommandFailure::NotStarted(
            "the interpreter that its first line names is missing".into(),
        ),
        io::ErrorKind::NotFound => CommandFailure::NotInstalled,
        _ => CommandFailure::NotStarted(error.to_string()),
    })
}

/// A program's path. One without `/` is looked for by the system; the meaning of another that is
/// relative would depend on the system.
fn place_of(program: &str, folder: &Path) -> PathBuf {
    if program.contains('/') { folder.join(program) } else { PathBuf::from(program) }
}

/// True if a program is where it is looked for.
fn is_there(program: &str, folder: &Path) -> bool {
    let place = place_of(program, folder);
    if place.components().nth(1).is_some() {
        return place.is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Makes the program the first of a group, in which those that it starts are too.
#[cfg(unix)]
fn lead_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn lead_group(_: &mut Command) {}

/// Ends all programs of the group.
#[cfg(unix)]
fn end_group(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let number = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = number {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(_: &Child) {}

/// Writes the text to the program's standard input, beside what else happens: a program may print
/// before it has read everything, and neither would go on.
fn feed(child: &mut Child, input: &str) -> Result<(), CommandFailure> {
    let Some(mut stream) = child.stdin.take() else { return Ok(()) };
    let input = input.to_owned();
    beside(move || {
        // A program need not read everything.
        let _ = stream.write_all(input.as_bytes());
    })
}

/// Reads a stream. The first `most` bytes are given when they are there, or when it ends; what
/// follows is lost, for a program that writes to a full pipe does not end.
fn collect(
    mut stream: impl Read + Send + 'static,
    most: u64,
) -> Result<Receiver<Vec<u8>>, CommandFailure> {
    let (sender, receiver) = channel();
    beside(move || {
        let mut bytes = Vec::new();
        let _ = stream.by_ref().take(most).read_to_end(&mut bytes);
        if sender.send(bytes).is_ok() {
            let _ = io::copy(&mut stream, &mut io::sink());
        }
    })?;
    Ok(receiver)
}

/// Works in a thread that nothing waits for: a program that left its group may keep it for ever.
fn beside(work: impl FnOnce() + Send + 'static) -> Result<(), CommandFailure> {
    let started = thread::Builder::new().spawn(work);
    started.map(|_| ()).map_err(|error| CommandFailure::NotStarted(error.to_string()))
}

/// Waits for what a stream gives.
fn received(
    stream: &Receiver<Vec<u8>>,
    deadline: Instant,
    stop: &AtomicBool,
) -> Result<Vec<u8>, CommandFailure> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match stream.recv_timeout(left.min(LONGEST_PAUSE)) {
            Ok(bytes) => return Ok(bytes),
            Err(RecvTimeoutError::Timeout) => go_on(deadline, stop)?,
            Err(RecvTimeoutError::Disconnected) => return Err(CommandFailure::Slow),
        }
    }
}

/// An error if a program is not waited for any more.
fn go_on(deadline: Instant, stop: &AtomicBool) -> Result<(), CommandFailure> {
    if stop.load(Ordering::Acquire) {
        return Err(CommandFailure::Stopped);
    }
    if Instant::now() >= deadline { Err(CommandFailure::Slow) } else { Ok(()) }
}

/// Waits for the end of the program.
fn end_of(
    child: &mut Child,
    deadline: Instant,
    stop: &AtomicBool,
) -> Result<ExitStatus, CommandFailure> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Ok(status);
        }
        go_on(deadline, stop)?;
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Runs a script. Short times are for scripts that never end only.
    fn script(text: &str, input: &str, seconds: u64) -> Result<Vec<u8>, CommandFailure> {
        let words = ["sh", "-c", text].map(str::to_owned);
        let limits = CommandLimits { time: Duration::from_secs(seconds), output: 100_000 };
        run(&words, Path::new("/"), input, limits)
    }

    fn failed(code: Option<i32>, complaint: &str) -> Result<Vec<u8>, CommandFailure> {
        Err(CommandFailure::Failed { code, complaint: complaint.to_owned() })
    }

    #[test]
    fn text_goes_in_and_output_comes_out() {
        let long = "文".repeat(30_000);
        assert_eq!(script("cat", &long, 60), Ok(long.clone().into_bytes()));
        // It does not read, reads late, and is run in its folder.
        assert_eq!(script("printf a", &long, 60), Ok(b"a".to_vec()));
        assert_eq!(script("printf b; cat >/dev/null; pwd", &long, 60), Ok(b"b/\n".to_vec()));
    }

    #[test]
    fn errors_are_given_with_their_message() {
        assert_eq!(script("echo no >&2; exit 3", "", 60), failed(Some(3), "no\n"));
        assert_eq!(script("kill -9 $$", "", 60), failed(None, ""));
        let Err(CommandFailure::Failed { complaint, .. }) =
            script("yes | head -c 1000000 >&2; exit 1", "", 60)
        else {
            unreachable!()
        };
        assert_eq!(complaint.len(), 4 << 10);
    }

    #[test]
    fn programs_that_are_not_there_are_named() {
        for program in ["no-such-program", "./no-such-program", "/no/such/program"] {
            let limits = CommandLimits { time: Duration::from_mins(1), output: 1 };
            let result = run(&[program.to_owned()], Path::new("/"), "", limits);
            assert_eq!(result, Err(CommandFailure::NotInstalled), "{program}");
        }
        let limits = CommandLimits { time: Duration::from_mins(1), output: 1 };
        let result = run(&["/".to_owned()], Path::new("/"), "", limits);
        assert!(matches!(result, Err(CommandFailure::NotStarted(_))), "{result:?}");
    }

    #[test]
    fn programs_that_go_on_are_ended_with_those_they_started() {
        // The programs have the pipe, so its end is theirs.
        let (mut theirs, ours) = io::pipe().unwrap_or_else(|error| unreachable!("{error}"));
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & sleep 1000"]).stdout(ours);
        lead_group(&mut command);
        let child = command.spawn().unwrap_or_else(|error| unreachable!("{error}"));
        drop(command);
        drop(Process(child));
        let mut rest = Vec::new();
        assert_eq!(theirs.read_to_end(&mut rest).ok(), Some(0));
        for text in ["sleep 1000", "sleep 1000 & exit 0", "exec >&-; sleep 1000"] {
            assert_eq!(script(text, "", 1), Err(CommandFailure::Slow), "{text}");
        }
    }

    #[test]
    fn programs_can_be_stopped() {
        let stop = AtomicBool::new(false);
        let words = ["sh", "-c", "echo started; exec sleep 1000"].map(str::to_owned);
        let limits = CommandLimits { time: Duration::from_mins(10), output: 100 };
        let result = thread::scope(|scope| {
            let running = scope.spawn(|| run_until(&words, Path::new("/"), "", limits, &stop));
            stop.store(true, Ordering::Relaxed);
            running.join()
        });
        assert_eq!(result.ok(), Some(Err(CommandFailure::Stopped)));
    }

    #[test]
    fn endless_output_is_cut() {
        assert_eq!(script("yes", "", 60), Err(CommandFailure::Large));
        assert_eq!(script("head -c 100000 /dev/zero", "", 60), Ok(vec![0; 100_000]));
        assert_eq!(script("head -c 100001 /dev/zero", "", 60), Err(CommandFailure::Large));
    }
}
