//! The log on standard error. Tokens that slip into a line are made unreadable.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::LogFormat;

const PREFIX: &[u8] = b"oipt_";
/// The shortest run of characters after the prefix that is taken for a secret.
const SHORTEST: usize = 20;

/// Starts the log. `RUST_LOG` chooses what is in it.
pub fn start(format: LogFormat, default_level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        EnvFilter::new(format!("{default_level},tower_sessions=warn,sqlx=warn,hyper=warn"))
    });
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(Scrubbed).with_ansi(false);
    // A second start, as in tests, changes nothing.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}

struct Scrubbed;

impl<'a> MakeWriter<'a> for Scrubbed {
    type Writer = ScrubbedLine;

    fn make_writer(&'a self) -> Self::Writer {
        ScrubbedLine
    }
}

/// One line on its way to standard error; the subscriber writes each with one call.
struct ScrubbedLine;

impl Write for ScrubbedLine {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(&scrub(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

/// Puts `oipt_***` where a token stood.
fn scrub(line: &[u8]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.windows(PREFIX.len()).position(|window| window == PREFIX) {
        let after = start + PREFIX.len();
        clean.extend_from_slice(&rest[..after]);
        rest = &rest[after..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if length >= SHORTEST {
            clean.extend_from_slice(b"***");
            rest = &rest[length..];
        }
    }
    clean.extend_from_slice(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::scrub;

    #[test]
    fn a_token_never_reaches_the_log() {
        let token = domain::tokens::assemble(&[9; 32]);
        let line = format!("a {token} b {token}");
        assert_eq!(String::from_utf8_lossy(&scrub(line.as_bytes())), "a oipt_*** b oipt_***");
        assert_eq!(scrub(b"oipt_short stays"), b"oipt_short stays");
    }
}
