//! `equality digest <seed> <from> <count>` and `equality answer <seed> <index>`: what the rules answer on this machine.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    let index = |at: usize| number(at).and_then(|number| u32::try_from(number).ok());
    let told = match (arguments.first().map(String::as_str), number(1), index(2), index(3)) {
        (Some("digest"), Some(seed), Some(from), Some(count)) => {
            equality::digest(seed, from, count).to_string()
        }
        (Some("answer"), Some(seed), Some(index), None) => equality::answer(seed, index),
        _ => return ExitCode::FAILURE,
    };
    match std::io::stdout().write_all(told.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
