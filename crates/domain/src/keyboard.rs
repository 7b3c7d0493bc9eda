//! The one table of keys: which key does what, and where. The handlers of the screens look keys up here, the help page lists the
//! table, and the stories press what it says.
//!
//! Keys are spelt as `KeyboardEvent.key` spells them, so they mean what is printed on the person's keyboard. Nothing needs AltGr,
//! which is Ctrl and Alt together on Windows, or a character that a Norwegian keyboard only has with it.

/// Where a key means something. The open list of suggestions comes before the cell, the cell before the form, and the form before
/// the page: the first that knows the key has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyContext {
    /// Anywhere.
    Global,
    /// A list of rows, such as *Innkjøpsordre*.
    List,
    /// Anywhere in the form of an order.
    OrderForm,
    /// A cell of an order's lines with all its text selected: keys move between cells.
    GridNavigation,
    /// A cell of an order's lines with a caret: keys change the text.
    GridEdit,
    /// The list of articles under a cell.
    Suggestions,
    /// An order draft that is being answered.
    DraftReview,
    /// A purchase order's own page: its parts are tabs.
    OrderPage,
    /// *Koblinger*, beside what moves between the rows of every list.
    Links,
}

impl KeyContext {
    /// In the order in which the help page lists them.
    pub const ALL: [Self; 9] = [
        Self::Global,
        Self::List,
        Self::OrderForm,
        Self::GridNavigation,
        Self::GridEdit,
        Self::Suggestions,
        Self::DraftReview,
        Self::OrderPage,
        Self::Links,
    ];

    /// The name that its texts are found under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::List => "list",
            Self::OrderForm => "order_form",
            Self::GridNavigation => "grid_navigation",
            Self::GridEdit => "grid_edit",
            Self::Suggestions => "suggestions",
            Self::DraftReview => "draft_review",
            Self::OrderPage => "order_page",
            Self::Links => "links",
        }
    }
}

/// One row of the table: keys that do the same thing in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub context: KeyContext,
    /// Each one way to say it: `Ctrl+Shift+Z`, or two keys after one another: `G O`.
    pub keys: &'static [&'static str],
    pub action: KeyAction,
}

macro_rules! actions {
    ($($(#[$meta:meta])* $variant:ident = $name:literal,)*) => {
        /// What a key does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum KeyAction {
            $($(#[$meta])* $variant,)*
        }

        impl KeyAction {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that its text is found under.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

actions! {
    OpenPalette = "open_palette",
    OpenHelp = "open_help",
    GoToOverview = "go_to_overview",
    GoToPurchaseOrders = "go_to_purchase_orders",
    GoToExport = "go_to_export",
    GoToDrafts = "go_to_drafts",
    GoToArticles = "go_to_articles",
    GoToSuppliers = "go_to_suppliers",
    GoToTokens = "go_to_tokens",
    GoToConnections = "go_to_connections",
    GoToLogs = "go_to_logs",
    /// An order on the pages of orders, a token on the page of tokens.
    New = "new",
    CloseTop = "close_top",
    NextRow = "next_row",
    PreviousRow = "previous_row",
    OpenRow = "open_row",
    SelectRow = "select_row",
    ExtendDown = "extend_down",
    ExtendUp = "extend_up",
    /// The page; pressed again, everything that fits the filter.
    SelectAll = "select_all",
    Filter = "filter",
    Search = "search",
    ExportSelected = "export_selected",
    /// *Kontroller og eksporter*.
    Check = "check",
    CellUp = "cell_up",
    CellDown = "cell_down",
    CellLeft = "cell_left",
    CellRight = "cell_right",
    FirstCell = "first_cell",
    LastCell = "last_cell",
    GridStart = "grid_start",
    GridEnd = "grid_end",
    PageUp = "page_up",
    PageDown = "page_down",
    /// The caret comes to the end of the text.
    Edit = "edit",
    /// A character takes the cell's text away.
    Replace = "replace",
    ClearCell = "clear_cell",
    DeleteLine = "delete_line",
    InsertLine = "insert_line",
    MoveLineUp = "move_line_up",
    MoveLineDown = "move_line_down",
    SelectLine = "select_line",
    ExtendLeft = "extend_left",
    ExtendRight = "extend_right",
    Copy = "copy",
    Cut = "cut",
    Paste = "paste",
    Undo = "undo",
    Redo = "redo",
    LeaveForward = "leave_forward",
    LeaveBackward = "leave_backward",
    CommitDown = "commit_down",
    CommitNext = "commit_next",
    CommitPrevious = "commit_previous",
    Restore = "restore",
    OpenSuggestions = "open_suggestions",
    ArticlePanel = "article_panel",
    /// The one article of ours that the line's number means when it is written otherwise.
    TakeMeant = "take_meant",
    CaretLeft = "caret_left",
    CaretRight = "caret_right",
    LeaveUp = "leave_up",
    LeaveDown = "leave_down",
    NextSuggestion = "next_suggestion",
    PreviousSuggestion = "previous_suggestion",
    FirstSuggestion = "first_suggestion",
    LastSuggestion = "last_suggestion",
    ChooseSuggestion = "choose_suggestion",
    CloseSuggestions = "close_suggestions",
    NextLine = "next_line",
    PreviousLine = "previous_line",
    AcceptLine = "accept_line",
    AdjustLine = "adjust_line",
    RejectLine = "reject_line",
    AcceptRest = "accept_rest",
    WhyLine = "why_line",
    Approve = "approve",
    ShowLines = "show_lines",
    ShowTimeline = "show_timeline",
    ShowMessages = "show_messages",
    ShowLog = "show_log",
    ShowVersions = "show_versions",
    /// *Bekreft kobling*, or *Rett nummeret* among the typing errors.
    ConfirmLink = "confirm_link",
    /// *Ikke samme*.
    RejectLink = "reject_link",
    /// *Angre* of the receipt.
    UndoLink = "undo_link",
}

/// Stands in the table for any character that can be typed.
pub const CHARACTER: &str = "Character";

const fn binding(context: KeyContext, keys: &'static [&'static str], action: KeyAction) -> Binding {
    Binding { context, keys, action }
}

use KeyContext::{
    DraftReview, Global, GridEdit, GridNavigation, Links, List, OrderForm, OrderPage, Suggestions,
};

/// Every key of the program.
pub const KEYS: &[Binding] = &[
    binding(Global, &["Ctrl+K"], KeyAction::OpenPalette),
    binding(Global, &["F1", "?"], KeyAction::OpenHelp),
    binding(Global, &["G O"], KeyAction::GoToOverview),
    binding(Global, &["G I"], KeyAction::GoToPurchaseOrders),
    binding(Global, &["G E"], KeyAction::GoToExport),
    binding(Global, &["G K"], KeyAction::GoToDrafts),
    binding(Global, &["G A"], KeyAction::GoToArticles),
    binding(Global, &["G L"], KeyAction::GoToSuppliers),
    binding(Global, &["G T"], KeyAction::GoToTokens),
    binding(Global, &["G P"], KeyAction::GoToConnections),
    binding(Global, &["G R"], KeyAction::GoToLogs),
    binding(Global, &["N"], KeyAction::New),
    binding(Global, &["Escape"], KeyAction::CloseTop),
    binding(List, &["J", "ArrowDown"], KeyAction::NextRow),
    binding(List, &["K", "ArrowUp"], KeyAction::PreviousRow),
    binding(List, &["Enter"], KeyAction::OpenRow),
    binding(List, &["X"], KeyAction::SelectRow),
    binding(List, &["Shift+J", "Shift+ArrowDown"], KeyAction::ExtendDown),
    binding(List, &["Shift+K", "Shift+ArrowUp"], KeyAction::ExtendUp),
    binding(List, &["Ctrl+A"], KeyAction::SelectAll),
    binding(List, &["F"], KeyAction::Filter),
    binding(List, &["/"], KeyAction::Search),
    binding(List, &["E"], KeyAction::ExportSelected),
    binding(OrderForm, &["Ctrl+Enter"], KeyAction::Check),
    binding(GridNavigation, &["ArrowUp"], KeyAction::CellUp),
    binding(GridNavigation, &["ArrowDown"], KeyAction::CellDown),
    binding(GridNavigation, &["ArrowLeft"], KeyAction::CellLeft),
    binding(GridNavigation, &["ArrowRight"], KeyAction::CellRight),
    binding(GridNavigation, &["Home"], KeyAction::FirstCell),
    binding(GridNavigation, &["End"], KeyAction::LastCell),
    binding(GridNavigation, &["Ctrl+Home"], KeyAction::GridStart),
    binding(GridNavigation, &["Ctrl+End"], KeyAction::GridEnd),
    binding(GridNavigation, &["PageUp"], KeyAction::PageUp),
    binding(GridNavigation, &["PageDown"], KeyAction::PageDown),
    binding(GridNavigation, &["Enter", "F2"], KeyAction::Edit),
    binding(GridNavigation, &[CHARACTER], KeyAction::Replace),
    binding(GridNavigation, &["Delete"], KeyAction::ClearCell),
    binding(GridNavigation, &["Ctrl+Delete"], KeyAction::DeleteLine),
    binding(GridNavigation, &["Insert"], KeyAction::InsertLine),
    binding(GridNavigation, &["Alt+Shift+ArrowUp"], KeyAction::MoveLineUp),
    binding(GridNavigation, &["Alt+Shift+ArrowDown"], KeyAction::MoveLineDown),
    binding(GridNavigation, &["Shift+Space"], KeyAction::SelectLine),
    binding(GridNavigation, &["Shift+ArrowUp"], KeyAction::ExtendUp),
    binding(GridNavigation, &["Shift+ArrowDown"], KeyAction::ExtendDown),
    binding(GridNavigation, &["Shift+ArrowLeft"], KeyAction::ExtendLeft),
    binding(GridNavigation, &["Shift+ArrowRight"], KeyAction::ExtendRight),
    binding(GridNavigation, &["Ctrl+C"], KeyAction::Copy),
    binding(GridNavigation, &["Ctrl+X"], KeyAction::Cut),
    binding(GridNavigation, &["Ctrl+V"], KeyAction::Paste),
    binding(GridNavigation, &["Ctrl+Z"], KeyAction::Undo),
    binding(GridNavigation, &["Ctrl+Shift+Z", "Ctrl+Y"], KeyAction::Redo),
    binding(GridNavigation, &["Alt+ArrowDown"], KeyAction::OpenSuggestions),
    binding(GridNavigation, &["Alt+Enter"], KeyAction::ArticlePanel),
    binding(GridNavigation, &["F4"], KeyAction::TakeMeant),
    binding(GridNavigation, &["Tab"], KeyAction::LeaveForward),
    binding(GridNavigation, &["Shift+Tab"], KeyAction::LeaveBackward),
    binding(GridEdit, &["Enter"], KeyAction::CommitDown),
    binding(GridEdit, &["Tab"], KeyAction::CommitNext),
    binding(GridEdit, &["Shift+Tab"], KeyAction::CommitPrevious),
    binding(GridEdit, &["Escape"], KeyAction::Restore),
    binding(GridEdit, &["Alt+ArrowDown"], KeyAction::OpenSuggestions),
    binding(GridEdit, &["Alt+Enter"], KeyAction::ArticlePanel),
    binding(GridEdit, &["F4"], KeyAction::TakeMeant),
    binding(GridEdit, &["ArrowLeft"], KeyAction::CaretLeft),
    binding(GridEdit, &["ArrowRight"], KeyAction::CaretRight),
    binding(GridEdit, &["ArrowUp"], KeyAction::LeaveUp),
    binding(GridEdit, &["ArrowDown"], KeyAction::LeaveDown),
    binding(GridEdit, &["Ctrl+Z"], KeyAction::Undo),
    binding(GridEdit, &["Ctrl+Shift+Z", "Ctrl+Y"], KeyAction::Redo),
    binding(Suggestions, &["ArrowDown"], KeyAction::NextSuggestion),
    binding(Suggestions, &["ArrowUp"], KeyAction::PreviousSuggestion),
    binding(Suggestions, &["PageUp", "Home"], KeyAction::FirstSuggestion),
    binding(Suggestions, &["PageDown", "End"], KeyAction::LastSuggestion),
    binding(Suggestions, &["Enter"], KeyAction::ChooseSuggestion),
    binding(Suggestions, &["Escape"], KeyAction::CloseSuggestions),
    binding(DraftReview, &["J"], KeyAction::NextLine),
    binding(DraftReview, &["K"], KeyAction::PreviousLine),
    binding(DraftReview, &["G"], KeyAction::AcceptLine),
    binding(DraftReview, &["E"], KeyAction::AdjustLine),
    binding(DraftReview, &["R"], KeyAction::RejectLine),
    binding(DraftReview, &["Shift+G"], KeyAction::AcceptRest),
    binding(DraftReview, &["H"], KeyAction::WhyLine),
    binding(DraftReview, &["Ctrl+Enter"], KeyAction::Approve),
    binding(OrderPage, &["1"], KeyAction::ShowLines),
    binding(OrderPage, &["2"], KeyAction::ShowTimeline),
    binding(OrderPage, &["3"], KeyAction::ShowMessages),
    binding(OrderPage, &["4"], KeyAction::ShowLog),
    binding(OrderPage, &["5"], KeyAction::ShowVersions),
    binding(Links, &["B"], KeyAction::ConfirmLink),
    binding(Links, &["D"], KeyAction::RejectLink),
    binding(Links, &["Z"], KeyAction::UndoLink),
];

/// A key as it was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    /// Ctrl, or ⌘ on a Mac.
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

impl Pressed<'_> {
    /// It is the key that the table spells like this.
    fn is(self, spelt: &str) -> bool {
        let (ctrl, rest) = without(spelt, "Ctrl+");
        let (alt, rest) = without(rest, "Alt+");
        let (shift, key) = without(rest, "Shift+");
        if (self.ctrl, self.alt) != (ctrl, alt) {
            return false;
        }
        let same = match key {
            "Space" => self.key == " ",
            // Caps Lock must not change what a letter does.
            key if key.len() == 1 => self.key.eq_ignore_ascii_case(key),
            key => self.key == key,
        };
        // Where a sign such as ? lies, and whether it needs Shift, is the keyboard's own matter.
        let sign = key.len() == 1 && !key.starts_with(|c: char| c.is_ascii_alphanumeric());
        same && (sign || self.shift == shift)
    }

    /// A letter, a digit or a sign on its way into a text.
    fn is_character(self) -> bool {
        let mut characters = self.key.chars();
        characters.next().is_some() && characters.next().is_none() && self.ctrl == self.alt && self.key != " "
    }
}

/// Whether the spelling begins with the modifier, and what follows it.
fn without<'a>(spelt: &'a str, modifier: &str) -> (bool, &'a str) {
    spelt.strip_prefix(modifier).map_or((false, spelt), |rest| (true, rest))
}

/// What the key does in this place; `before` is the letter that was pressed just before it, such as the `G` of `G O`.
pub fn action_of(context: KeyContext, before: Option<&str>, pressed: Pressed<'_>) -> Option<KeyAction> {
    let means = |spelt: &str| match (spelt.split_once(' '), before) {
        (Some((first, second)), Some(before)) => before.eq_ignore_ascii_case(first) && pressed.is(second),
        (Some(_), None) => false,
        (None, _) if spelt == CHARACTER => pressed.is_character(),
        (None, _) => pressed.is(spelt),
    };
    let rows = || KEYS.iter().filter(|row| row.context == context);
    let find = |wanted: &dyn Fn(&str) -> bool| {
        rows().find(|row| row.keys.iter().any(|spelt| wanted(spelt) && means(spelt))).map(|row| row.action)
    };
    // The second key of a pair comes before what it does alone.
    find(&|spelt| spelt.contains(' ')).or_else(|| find(&|spelt| !spelt.contains(' ')))
}

/// The key begins a pair in this place: the next one is looked up together with it.
pub fn begins_pair(context: KeyContext, pressed: Pressed<'_>) -> bool {
    let mut pairs = KEYS.iter().filter(|row| row.context == context).flat_map(|row| row.keys);
    pairs.any(|spelt| spelt.split_once(' ').is_some_and(|(first, _)| pressed.is(first)))
}

#[cfg(test)]
mod tests;
