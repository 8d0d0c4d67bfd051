//! `WildcardPattern`: patterns of `-like` as objects.
//!
//! Matching itself is in `compare`.

use super::super::compare::like;
use super::super::text::interpolated;
use super::super::value::{Obj, V};
use super::arguments::text;

/// A pattern; options among the arguments may say that case counts.
#[must_use]
pub(super) fn make(args: &[V]) -> V {
    let pattern = text(args, 0);
    let options = text(args, 1);
    let exact = !options.to_lowercase().contains("ignorecase");
    V::Obj(Obj::new("System.Management.Automation.WildcardPattern", [("__exact", V::Bool(exact))]).with_text(&pattern))
}

/// Methods of a pattern.
#[must_use]
pub(super) fn methods(object: &Obj, name: &str, args: &[V]) -> Option<V> {
    let exact = matches!(object.note("__exact"), Some(V::Bool(true)));
    let pattern = object.own_text().unwrap_or_default();
    (name == "ismatch").then(|| V::Bool(like(&text(args, 0), &pattern, exact)))
}

/// `[WildcardPattern]::…`.
#[must_use]
pub(super) fn statics(name: &str, args: &[V]) -> Option<V> {
    let given = args.first().map(interpolated).unwrap_or_default();
    Some(match name {
        "get" => make(args),
        "escape" => V::from(
            given
                .chars()
                .flat_map(|c| [Some('`').filter(|_| "*?[]".contains(c)), Some(c)])
                .flatten()
                .collect::<String>(),
        ),
        "unescape" => {
            let mut out = String::new();
            let mut chars = given.chars().peekable();
            while let Some(c) = chars.next() {
                if c != '`' || !chars.peek().is_some_and(|next| "*?[]".contains(*next)) {
                    out.push(c);
                }
            }
            V::from(out)
        }
        "containswildcardcharacters" => V::Bool(given.contains(['*', '?', '['])),
        _ => return None,
    })
}
