//! The line editor: its keys, its history, and what is printed above the line while somebody types.
//!
//! Not here: what completes, colours and hints (`helper`), what becomes of a line (`prompt`).

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, mpsc};

use rustyline::history::FileHistory;
use rustyline::{Cmd, CompletionType, Config, Editor, EventHandler, ExternalPrinter, KeyCode, KeyEvent, Modifiers};

use super::helper::{ByPrefix, HelpOnWord, LineHelper};
use super::history;
use super::prompt::PromptOptions;
use super::screen::Screen;
use super::vocabulary::Vocabulary;
use crate::render::Theme;
use crate::script::{Host, Library};

/// How many inputs the history file keeps.
const HISTORY_MAX: usize = 10_000;

pub(super) type LineEditor = Editor<LineHelper, FileHistory>;

/// A line editor for the functions of `host`.
pub(super) fn editor(host: &Host, options: &PromptOptions) -> rustyline::Result<LineEditor> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .max_history_size(HISTORY_MAX)?
        .history_ignore_space(true)
        .bracketed_paste(true)
        .build();
    let mut editor = LineEditor::with_config(config)?;
    let key = |code| KeyEvent(code, Modifiers::NONE);
    editor.bind_sequence(key(KeyCode::Up), EventHandler::Conditional(Box::new(ByPrefix { backward: true })));
    editor.bind_sequence(key(KeyCode::Down), EventHandler::Conditional(Box::new(ByPrefix { backward: false })));
    editor.bind_sequence(KeyEvent(KeyCode::Enter, Modifiers::ALT), Cmd::Newline);
    let vocabulary = Arc::new(RwLock::new(Vocabulary::of(host.engine())));
    let help = HelpOnWord { vocabulary: vocabulary.clone(), screen: options.screen.clone() };
    editor.bind_sequence(key(KeyCode::F(1)), EventHandler::Conditional(Box::new(help)));
    editor.set_helper(Some(LineHelper {
        engine: host.engine().clone(),
        vocabulary,
        colour: options.theme == Theme::Colour,
        screen: options.screen.clone(),
    }));
    if let Some(file) = &options.history_file
        && history::prepare(file).is_ok()
    {
        let _ = editor.load_history(file); // there may be none yet
    }
    if let Some(helper) = editor.helper() {
        read_library(helper.vocabulary.clone(), options.module_folders.clone());
    }
    print_above(&mut editor, &options.screen);
    Ok(editor)
}

/// Reads the standard library while somebody types; until then completion does without it.
fn read_library(vocabulary: Arc<RwLock<Vocabulary>>, folders: Vec<PathBuf>) {
    let read = move || {
        let (library, _) = Library::read(&folders); // what does not parse is said when it is imported
        vocabulary.write().unwrap_or_else(PoisonError::into_inner).set_library(library);
    };
    let _ = std::thread::Builder::new().name("library".into()).spawn(read); // without it, no more than completion is lost
}

/// Lines that arrive while somebody types go above the line; printing waits for the editor, so it has a thread.
fn print_above(editor: &mut LineEditor, screen: &Screen) {
    let Ok(mut printer) = editor.create_external_printer() else { return };
    let (lines, inbox) = mpsc::channel::<String>();
    let thread = std::thread::Builder::new().name("above the prompt".into()).spawn(move || {
        for line in inbox {
            if printer.print(format!("{line}\n")).is_err() {
                break;
            }
        }
    });
    if thread.is_ok() {
        screen.print_above(lines);
    }
}
