use leptos::prelude::*;

/// Why a list is empty. Four cases, four texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyKind {
    /// There never was anything: say how to begin.
    NeverUsed,
    /// The filter or the search hides everything: show how to remove it.
    NoHits,
    /// Everything is done.
    Done,
    /// The role does not allow it: say whom to ask.
    NoAccess,
}

impl EmptyKind {
    fn code(self) -> &'static str {
        match self {
            Self::NeverUsed => "never-used",
            Self::NoHits => "no-hits",
            Self::Done => "done",
            Self::NoAccess => "no-access",
        }
    }
}

/// What stands where a list would be.
#[component]
pub fn EmptyState(
    kind: EmptyKind,
    #[prop(into)] title: String,
    #[prop(optional, into)] text: Option<String>,
    /// Buttons: at most one of them primary.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" data-test=format!("empty-{}", kind.code())>
            <h2>{title}</h2>
            {text.map(|text| view! { <p class="muted">{text}</p> })}
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
}
