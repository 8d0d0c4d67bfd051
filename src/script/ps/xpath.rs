//! Paths into XML documents, as far as reports use them: steps, `//`, attributes, predicates by value and by place.
//!
//! No axes, no namespaces, of the functions only `contains`, `starts-with`, `text`, `last` and `not`.

use super::value::Obj;
use super::xml::{attribute_node, attributes, children, descendants, inner_text, is_element, name_of, parent};

/// The nodes that a path finds from a node.
#[must_use]
pub(super) fn select(from: &Obj, path: &str) -> Vec<Obj> {
    let mut found: Vec<Obj> = Vec::new();
    for part in split_outside(path, '|') {
        for node in one(from, part.trim()) {
            if !found.iter().any(|known| known.same(&node)) {
                found.push(node);
            }
        }
    }
    found
}

fn root(node: &Obj) -> Obj {
    let mut top = node.clone();
    while let Some(above) = parent(&top) {
        top = above;
    }
    top
}

fn one(from: &Obj, path: &str) -> Vec<Obj> {
    let (mut nodes, mut rest) =
        if path.starts_with('/') { (vec![root(from)], path) } else { (vec![from.clone()], path) };
    let mut first = !path.starts_with('/');
    while !rest.is_empty() {
        let deep = rest.starts_with("//");
        if !first {
            rest = rest.trim_start_matches('/');
        }
        first = false;
        let step = split_outside(rest, '/').into_iter().next().unwrap_or_default();
        rest = &rest[step.len()..];
        let mut next: Vec<Obj> = Vec::new();
        for node in &nodes {
            let starts = if deep { descendants(node) } else { vec![node.clone()] };
            for start in starts {
                for hit in taken(&start, step) {
                    if !next.iter().any(|known| known.same(&hit)) {
                        next.push(hit);
                    }
                }
            }
        }
        nodes = next;
    }
    nodes
}

/// One step with its predicates.
fn taken(node: &Obj, step: &str) -> Vec<Obj> {
    let (test, predicates) = match step.find('[') {
        Some(at) => (&step[..at], &step[at..]),
        None => (step, ""),
    };
    let mut hits: Vec<Obj> = match test.trim() {
        "." => vec![node.clone()],
        ".." => parent(node).into_iter().collect(),
        "text()" => children(node).into_iter().filter(|child| name_of(child) == "#text").collect(),
        "node()" => children(node),
        test => match test.strip_prefix('@') {
            Some(name) => attributes(node)
                .iter()
                .filter(|(own, _)| name == "*" || own == name)
                .map(|(own, value)| attribute_node(own, value))
                .collect(),
            None => children(node)
                .into_iter()
                .filter(|child| is_element(child) && (test == "*" || name_of(child) == test))
                .collect(),
        },
    };
    for predicate in brackets(predicates) {
        let count = hits.len();
        let kept = hits.iter().enumerate().filter(|(at, hit)| holds(hit, predicate, at + 1, count));
        hits = kept.map(|(_, hit)| hit.clone()).collect();
    }
    hits
}

fn holds(node: &Obj, test: &str, place: usize, count: usize) -> bool {
    let test = test.trim();
    for (word, all) in [(" or ", false), (" and ", true)] {
        let parts = split_words(test, word);
        if parts.len() > 1 {
            let mut results = parts.iter().map(|part| holds(node, part, place, count));
            return if all { results.all(|held| held) } else { results.any(|held| held) };
        }
    }
    if let Ok(number) = test.parse::<usize>() {
        return number == place;
    }
    if test == "last()" {
        return place == count;
    }
    if let Some(inner) = test.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')')) {
        return !holds(node, inner, place, count);
    }
    for function in ["contains", "starts-with"] {
        let call = test.strip_prefix(function).and_then(|rest| rest.trim_start().strip_prefix('('));
        if let Some((left, right)) = call.and_then(|rest| rest.strip_suffix(')')).and_then(|rest| rest.split_once(','))
        {
            let (text, part) = (texts(node, left.trim()).join(""), right.trim().trim_matches(['\'', '"']));
            return if function == "contains" { text.contains(part) } else { text.starts_with(part) };
        }
    }
    for operator in ["!=", ">=", "<=", "=", ">", "<"] {
        if let Some((left, right)) = test.split_once(operator) {
            let right = right.trim().trim_matches(['\'', '"']);
            return texts(node, left.trim()).iter().any(|text| compared(text, operator, right));
        }
    }
    !select(node, test).is_empty()
}

fn compared(left: &str, operator: &str, right: &str) -> bool {
    let numbers = left.trim().parse::<f64>().ok().zip(right.parse::<f64>().ok());
    match (operator, numbers) {
        ("=", _) => left == right,
        ("!=", _) => left != right,
        (_, None) => false,
        (">", Some((a, b))) => a > b,
        ("<", Some((a, b))) => a < b,
        (">=", Some((a, b))) => a >= b,
        (_, Some((a, b))) => a <= b,
    }
}

fn texts(node: &Obj, path: &str) -> Vec<String> {
    if path == "text()" || path == "." {
        return vec![inner_text(node)];
    }
    select(node, path).iter().map(inner_text).collect()
}

/// The contents of `[…][…]`.
fn brackets(text: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '[' => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            ']' => {
                depth -= 1;
                if depth == 0 {
                    found.push(&text[start..at]);
                }
            }
            _ => {}
        }
    }
    found
}

/// Parts at a character outside quotes and brackets.
fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let (mut found, mut depth, mut quote, mut start) = (Vec::new(), 0, None, 0);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('[' | '(', None) => depth += 1,
            (']' | ')', None) => depth -= 1,
            (c, None) if c == separator && depth == 0 && at > start => {
                found.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

fn split_words<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (at, _) in text.match_indices(word) {
        if text[..at].matches(['\'', '"']).count().is_multiple_of(2) {
            found.push(&text[start..at]);
            start = at + word.len();
        }
    }
    found.push(&text[start..]);
    found
}
