//! *Søk eller kjør kommando*: a dialog with an APG combobox. Pages and actions answer at once, the server after a pause.
//!
//! <https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>

mod here;

use std::time::Duration;

use domain::palette::PaletteHits;
use domain::roles::Role;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::Icon;
use super::commands::{Command, Group, Leads, answering, count_hits, found, local, with_recent};
use super::keys::drawn_keys;
use crate::api::palette::palette_search;
use crate::i18n::use_texts;

/// How long nothing is typed before the server is asked, and before the number of hits is spoken.
const PAUSE: Duration = Duration::from_millis(200);
const SPEAK: Duration = Duration::from_millis(300);
/// How far PageUp and PageDown go.
const PAGE: usize = 5;

/// The palette of this tab.
#[derive(Clone, Copy)]
pub struct Palette {
    dialog: NodeRef<Dialog>,
    is_open: RwSignal<bool>,
}

impl Palette {
    /// A palette that is closed.
    pub fn new() -> Self {
        Self { dialog: NodeRef::new(), is_open: RwSignal::new(false) }
    }

    /// Opens it, with the focus in its field. The browser gives the focus back when it closes.
    pub fn open(self) -> bool {
        self.is_open.set(true);
        #[cfg(feature = "hydrate")]
        if let Some(dialog) = self.dialog.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
        true
    }

    /// The browser tells later that the dialog was closed; it may have been opened again by then.
    fn was_closed(self) {
        #[cfg(feature = "hydrate")]
        if self.dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
            return;
        }
        self.is_open.set(false);
    }

    fn close(self) {
        #[cfg(feature = "hydrate")]
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
        self.is_open.set(false);
    }
}

/// The button in the top bar: without a script it leads to the page of the search.
#[component]
pub fn PaletteButton(palette: Palette) -> impl IntoView {
    let t = use_texts();
    view! {
        <a
            class="btn seekbtn end"
            href="/sok"
            data-test="palette-button"
            on:click=move |event| {
                event.prevent_default();
                palette.open();
            }
        >
            <Icon name="find"/>
            <span class="txt">{t.palette_title()}</span>
            <kbd>"Ctrl K"</kbd>
        </a>
    }
}

/// The dialog. What is in it is made when it is opened.
#[component]
pub fn PaletteDialog(palette: Palette, role: Role, module_on: bool) -> impl IntoView {
    let t = use_texts();
    view! {
        <dialog
            class="palette"
            node_ref=palette.dialog
            aria-label=t.palette_title()
            on:close=move |_| palette.was_closed()
            data-test="palette"
        >
            <Show when=move || palette.is_open.get()>
                <Inside palette role module_on/>
            </Show>
        </dialog>
    }
}

/// What is typed, what answers it, and which answer the arrows stand on.
#[derive(Clone, Copy)]
struct Answers {
    typed: RwSignal<String>,
    hits: RwSignal<PaletteHits>,
    groups: Memo<Vec<Group>>,
    active: RwSignal<usize>,
}

impl Answers {
    fn new(role: Role, module_on: bool) -> Self {
        let t = use_texts();
        let (typed, hits) = (RwSignal::new(String::new()), RwSignal::new(PaletteHits::default()));
        let here = StoredValue::new(here::commands(&local(t, role, module_on)));
        let recent = StoredValue::new(here::recent());
        let groups = Memo::new(move |_| {
            let typed = typed.get();
            let mut groups = vec![(t.palette_here(), here.get_value())];
            groups.extend(local(t, role, module_on));
            if typed.trim().is_empty() {
                groups = with_recent(t.palette_recent(), recent.get_value(), groups, role);
            }
            let mut answers = answering(groups, &typed);
            answers.extend(found(t, hits.get(), &typed, role));
            answers
        });
        Self { typed, hits, groups, active: RwSignal::new(0) }
    }

    fn count(self) -> usize {
        self.groups.with(|groups| groups.iter().map(|(_, commands)| commands.len()).sum())
    }

    fn chosen(self) -> Option<Command> {
        let active = self.active.get_untracked();
        self.groups
            .with_untracked(|groups| groups.iter().flat_map(|(_, commands)| commands).nth(active).cloned())
    }

    /// Asks the server once nothing has been typed for a while. An answer to what is typed no longer is thrown away.
    fn ask_later(self) {
        let asked = self.typed.get_untracked();
        set_timeout(
            move || {
                if self.typed.try_get_untracked().as_ref() != Some(&asked) || asked.trim().is_empty() {
                    return;
                }
                leptos::task::spawn_local(async move {
                    let answer = palette_search(asked.clone()).await;
                    if let Ok(hits) = answer
                        && self.typed.try_get_untracked().as_ref() == Some(&asked)
                    {
                        self.hits.set(hits);
                    }
                });
            },
            PAUSE,
        );
    }
}

#[component]
fn Inside(palette: Palette, role: Role, module_on: bool) -> impl IntoView {
    let t = use_texts();
    let answers = Answers::new(role, module_on);
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let navigate = use_navigate();
    let run = move |command: Command| match command.leads.clone() {
        Leads::Nowhere(_) => {}
        Leads::To(href) => {
            palette.close();
            here::keep_recent(&command.text, &href);
            navigate(&href, NavigateOptions::default());
        }
        Leads::Press(place) => {
            palette.close();
            here::press(place);
        }
    };
    let run = StoredValue::new_local(run);
    let typed = move |event| {
        answers.typed.set(event_target_value(&event));
        answers.active.set(0);
        answers.ask_later();
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let (at, last) = (answers.active.get_untracked(), answers.count().saturating_sub(1));
        let to = match event.key().as_str() {
            "ArrowDown" => {
                if at >= last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowUp" => at.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            "PageDown" => (at + PAGE).min(last),
            "PageUp" => at.saturating_sub(PAGE),
            "Enter" => {
                event.prevent_default();
                if let Some(command) = answers.chosen() {
                    run.with_value(|run| run(command));
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        answers.active.set(to);
        here::show(to);
    };
    let active = move || (answers.count() > 0).then(|| format!("palette-{}", answers.active.get()));
    let list = move || {
        let mut place = 0;
        let groups = answers.groups.get();
        groups
            .into_iter()
            .enumerate()
            .map(|(at, (heading, commands))| {
                let options: Vec<_> = commands
                    .into_iter()
                    .map(|command| {
                        place += 1;
                        option(answers, place - 1, command, move |command| run.with_value(|run| run(command)))
                    })
                    .collect();
                let id = format!("palette-group-{at}");
                let labelled = id.clone();
                view! {
                    <div role="group" aria-labelledby=labelled>
                        <div class="grp" role="presentation" id=id>{heading}</div>
                        {options}
                    </div>
                }
                .into_any()
            })
            .collect::<Vec<_>>()
    };
    view! {
        <div class="seek">
            <Icon name="find"/>
            <label class="vh" for="palette-field">{t.palette_title()}</label>
            <input
                class="input"
                id="palette-field"
                type="text"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-autocomplete="list"
                aria-activedescendant=active
                autocomplete="off"
                spellcheck="false"
                placeholder=t.palette_title()
                node_ref=field
                on:input=typed
                on:keydown=keys
            />
            <button class="btn s q" type="button" on:click=move |_| palette.close()>{t.frame_close()}<kbd>"Esc"</kbd></button>
        </div>
        <div id="palette-list" role="listbox" aria-label=t.palette_answers()>
            {list}
        </div>
        {move || (answers.count() == 0).then(|| view! { <p class="muted">{t.palette_nothing()}</p> })}
        <Spoken answers/>
    }
}

fn option(answers: Answers, place: usize, command: Command, run: impl Fn(Command) + 'static) -> AnyView {
    let t = use_texts();
    let (text, hint) = (command.text.clone(), command.hint.clone());
    let keys = command.keys.map(|keys| drawn_keys(t, keys));
    let why = match command.leads {
        Leads::Nowhere(why) => Some(why),
        _ => None,
    };
    let selected = move || (answers.active.get() == place).to_string();
    view! {
        <div
            class="option"
            role="option"
            id=format!("palette-{place}")
            aria-selected=selected
            aria-disabled=why.map(|_| "true")
            on:click=move |_| run(command.clone())
        >
            <span>{text}</span>
            {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            {why.map(|why| view! { <small>{why}</small> })}
            {keys.map(|keys| view! { <span class="end">{keys}</span> })}
        </div>
    }
    .into_any()
}

/// How many there are, said once when nothing has changed for a while.
#[component]
fn Spoken(answers: Answers) -> impl IntoView {
    let t = use_texts();
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        let count = answers.groups.with(|groups| count_hits(groups));
        let is_typed = answers.typed.with(|typed| !typed.trim().is_empty());
        set_timeout(
            move || {
                let still = answers.groups.try_with_untracked(|groups| count_hits(groups) == count);
                if still == Some(true) && is_typed {
                    let words = t.palette_count(i64::try_from(count).unwrap_or(i64::MAX));
                    if said.try_get_untracked().is_some_and(|before| before != words) {
                        said.set(words);
                    }
                }
            },
            SPEAK,
        );
    });
    view! { <p class="vh" role="status" data-test="palette-count">{move || said.get()}</p> }
}
