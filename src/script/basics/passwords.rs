//! `new_password`: passwords for accounts that a script makes, drawn from the system's randomness.
//!
//! A password that comes out of here is text, for the letter to its user; one that is typed never is (`credential`).

use rand::Rng as _;
use rand::rngs::OsRng;
use rand::seq::SliceRandom as _;
use rhai::{Map, Module};

use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::state::RhaiResult;
use super::described;

const OPTIONS: [Known; 2] = [("Length", &[]), ("Symbols", &[])];
const LENGTH: usize = 16;
/// Without the letters that are mistaken for others: no I, l, O, 0, 1.
const KINDS: [&str; 4] = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!#%+-=?@_"];

const NEW: &str = "A password nobody has chosen: 16 letters, digits and signs, some of each, none easily mistaken for another.\n\
    Options: `Length` (8 to 128), `Symbols` (false leaves the signs out).\n\
    # Example\n\
    ```rhai\n\
    let password = new_password(#{ Length: 20, Symbols: false });\n\
    print(`${password.len()} ${password.is_match(\"^[A-Za-z2-9]+$\")} ${password == new_password()}`);\n\
    ```\n\
    ```text\n\
    20 true false\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    described("new_password", &["string"], NEW).set_into_module(module, || password(LENGTH, true));
    described("new_password", &["options: map", "string"], NEW).set_into_module(
        module,
        |options: Map| -> RhaiResult<String> {
            let mut options = Options::read("new_password", &OPTIONS, options)?;
            let length = options.take("Length").map(|length| length.as_int().unwrap_or(-1));
            let length = match length.map(usize::try_from) {
                None => LENGTH,
                Some(Ok(length)) if (8..=128).contains(&length) => length,
                Some(_) => return Err(Failure::script("Length of new_password is a number from 8 to 128").into()),
            };
            Ok(password(length, options.truth("Symbols")?.unwrap_or(true)))
        },
    );
}

fn password(length: usize, symbols: bool) -> String {
    let kinds = if symbols { &KINDS[..] } else { &KINDS[..3] };
    let all: Vec<char> = kinds.iter().flat_map(|kind| kind.chars()).collect();
    // One of each kind first, then of all, then shuffled so that nobody knows which stands where.
    let mut letters: Vec<char> =
        kinds.iter().map(|kind| kind.chars().nth(OsRng.gen_range(0..kind.chars().count())).unwrap_or('a')).collect();
    while letters.len() < length {
        letters.push(all[OsRng.gen_range(0..all.len())]);
    }
    letters.shuffle(&mut OsRng);
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_password_has_some_of_each_kind() {
        for _ in 0..100 {
            let password = password(8, true);
            assert_eq!(password.len(), 8);
            assert!(KINDS.iter().all(|kind| password.contains(|letter| kind.contains(letter))), "{password}");
        }
    }
}
