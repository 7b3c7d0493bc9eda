//! What *Søk eller kjør kommando* offers by itself: the pages and actions of the role, and what the server found.

use domain::contacts::ContactRole;
use domain::keyboard::{Binding, KEYS, KeyAction, KeyContext};
use domain::palette::{PaletteHits, score};
use domain::roles::{Permission, Role};

use super::menu::{MENU, visible};
use crate::i18n::Texts;
use crate::pages::lists::escaped;

/// Where a command leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    To(String),
    /// Presses the button of this page with the place.
    Press(usize),
    /// It cannot be done now, and why.
    Nowhere(&'static str),
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub text: String,
    /// What tells it from others of its kind.
    pub hint: String,
    /// The key that does the same, as the table spells it.
    pub keys: Option<&'static str>,
    pub leads: Leads,
}

impl Command {
    pub fn to(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), hint: String::new(), keys: None, leads: Leads::To(href.into()) }
    }

    fn hinted(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    fn keyed(self, action: KeyAction) -> Self {
        let row = KEYS.iter().find(|row| row.action == action);
        Self { keys: row.and_then(|row| row.keys.first().copied()), ..self }
    }
}

/// Commands under one heading.
pub type Group = (&'static str, Vec<Command>);

fn key_of(href: &str) -> Option<KeyAction> {
    Some(match href {
        "/oversikt" => KeyAction::GoToOverview,
        "/ordre/innkjopsordre" => KeyAction::GoToPurchaseOrders,
        "/ordre/eksporter-til-partner" => KeyAction::GoToExport,
        "/salg/ordrekladder" => KeyAction::GoToDrafts,
        "/artikler" => KeyAction::GoToArticles,
        "/kontakter/leverandorer" => KeyAction::GoToSuppliers,
        "/admin/api-tilgang/token" => KeyAction::GoToTokens,
        "/admin/integrasjoner/prodsys-to-prodsys" => KeyAction::GoToConnections,
        "/admin/logger/integrasjonslogger" => KeyAction::GoToLogs,
        "/hjelp" => KeyAction::OpenHelp,
        _ => return None,
    })
}

/// The page that a key leads to, when the role may see it as things are.
pub fn page_of_key(action: KeyAction, role: Role, extension_on: bool) -> Option<&'static str> {
    let entries = MENU.iter().flat_map(|group| visible(group, role, extension_on));
    entries.map(|entry| entry.href).chain(["/hjelp"]).find(|href| key_of(href) == Some(action))
}

/// Whether a key does anything for the role: one that goes to a page does so only for those who may see the page, and one that writes
/// only for those who may write.
pub fn has_use(row: &Binding, role: Role, extension_on: bool) -> bool {
    let goes_somewhere = page_of_key(row.action, Role::Administrator, true).is_some();
    let sees_it = !goes_somewhere || page_of_key(row.action, role, extension_on).is_some();
    let needed = needed_for(row);
    sees_it && (needed.is_empty() || needed.iter().any(|permission| role.may(*permission)))
}

/// What a person must be allowed to do, one of these, so that a key does anything; nothing for keys that only show.
fn needed_for(row: &Binding) -> &'static [Permission] {
    match (row.context, row.action) {
        (KeyContext::Global, KeyAction::New) => &[Permission::Purchase, Permission::WriteRegisters],
        (KeyContext::List, KeyAction::ExportSelected)
        | (
            KeyContext::OrderForm
            | KeyContext::GridNavigation
            | KeyContext::GridEdit
            | KeyContext::Suggestions
            | KeyContext::Links,
            _,
        ) => &[Permission::Purchase],
        (KeyContext::DraftReview, _) => &[Permission::Sell],
        (KeyContext::Global | KeyContext::List | KeyContext::OrderPage, _) => &[],
    }
}

/// Whether the role may see the page; pages that neither the menu nor a command leads to are for everybody.
pub fn may_see(href: &str, role: Role) -> bool {
    let below = BELOW.iter().map(|(_, below, permission)| (*below, *permission));
    let begun = BEGUN.iter().map(|(_, begun, permission, _)| (*begun, *permission));
    if let Some((_, permission)) = below.chain(begun).find(|(known, _)| *known == href) {
        return role.may(permission);
    }
    let leads_there = |role| {
        let entries = MENU.iter().flat_map(|group| visible(group, role, true));
        entries.into_iter().any(|entry| entry.href == href)
    };
    !leads_there(Role::Administrator) || leads_there(role)
}

/// A page that the menu leads to over another one: its name, its address, and who may see it.
type Below = (fn(Texts) -> &'static str, &'static str, Permission);

/// There only while the extension is on.
const NEW_CONNECTION: &str = "/admin/integrasjoner/prodsys-to-prodsys/ny";

/// Pages below those of the menu, in its order.
const BELOW: [Below; 5] = [
    (Texts::templates_title, "/ordre/maler", Permission::Purchase),
    (Texts::links_title, "/artikler/koblinger", Permission::Read),
    (Texts::links_misspelled, "/artikler/koblinger?vis=skrivefeil", Permission::Read),
    (Texts::links_decisions, "/artikler/koblinger/avgjorelser", Permission::Read),
    (Texts::nav_settings, "/innstillinger", Permission::Read),
];

/// What can be begun anywhere: its name, its address, who may begin it, and its key.
type Begun = (fn(Texts) -> &'static str, &'static str, Permission, Option<KeyAction>);

const BEGUN: [Begun; 9] = [
    (Texts::nav_new_order, "/ordre/innkjopsordre/ny", Permission::Purchase, Some(KeyAction::New)),
    (Texts::articles_new, "/artikler/ny", Permission::WriteRegisters, None),
    (Texts::contacts_new_supplier, "/kontakter/leverandorer/ny", Permission::WriteRegisters, None),
    (Texts::contacts_new_customer, "/kontakter/kunder/ny", Permission::WriteRegisters, None),
    (Texts::palette_files_orders, "/filer/innkjopsordre", Permission::Read, None),
    (Texts::palette_files_articles, "/filer/artikler", Permission::Read, None),
    (Texts::palette_files_contacts, "/filer/kontakter", Permission::Read, None),
    (Texts::palette_new_token, "/admin/api-tilgang/token/ny", Permission::Administer, None),
    (Texts::connections_new, NEW_CONNECTION, Permission::Administer, None),
];

/// The pages of the menu and those below them, and what can be begun anywhere.
pub fn local(t: Texts, role: Role, extension_on: bool) -> Vec<Group> {
    let page = |text: &str, href: &'static str| {
        let command = Command::to(text, href);
        match key_of(href) {
            Some(action) => command.keyed(action),
            None => command,
        }
    };
    let mut pages: Vec<Command> = MENU
        .iter()
        .flat_map(|group| visible(group, role, extension_on))
        .map(|entry| page((entry.text)(t), entry.href))
        .collect();
    let below = BELOW.into_iter().filter(|(.., permission)| role.may(*permission));
    pages.extend(below.map(|(text, href, _)| page(text(t), href)));
    let actions = BEGUN
        .into_iter()
        .filter(|(_, href, permission, _)| role.may(*permission) && (extension_on || *href != NEW_CONNECTION))
        .map(|(text, href, _, key)| {
            let command = Command::to(text(t), href);
            key.map_or(command.clone(), |key| command.keyed(key))
        })
        .collect();
    let help = vec![page(t.nav_help(), "/hjelp"), Command::to(t.palette_keys(), "/hjelp#h-keys")];
    vec![(t.palette_go_to(), pages), (t.palette_actions(), actions), (t.palette_help(), help)]
}

/// What of the groups answers the text, the best first in each; all of it when nothing is typed.
pub fn answering(groups: Vec<Group>, typed: &str) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for (heading, commands) in groups {
        let mut scored: Vec<(u32, Command)> = commands
            .into_iter()
            .filter_map(|command| Some((score(&command.text, typed)?, command)))
            .collect();
        if !typed.trim().is_empty() {
            scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        }
        if !scored.is_empty() {
            found.push((heading, scored.into_iter().map(|(_, command)| command).collect()));
        }
    }
    found
}

/// The groups with what was run lately before them, as far as the role may see it. What stands there is not offered a second time; it has
/// its key there.
pub fn with_recent(
    heading: &'static str,
    recent: Vec<Command>,
    mut groups: Vec<Group>,
    role: Role,
) -> Vec<Group> {
    let may = |command: &Command| matches!(&command.leads, Leads::To(href) if may_see(href, role));
    let mut recent: Vec<Command> = recent.into_iter().filter(may).collect();
    for (_, commands) in &mut groups {
        commands.retain(|command| {
            let Leads::To(_) = command.leads else { return true };
            let Some(known) = recent.iter_mut().find(|known| known.leads == command.leads) else {
                return true;
            };
            known.keys = known.keys.or(command.keys);
            false
        });
    }
    groups.insert(0, (heading, recent));
    groups
}

/// Whether a button of a page does what is offered anyway: it has the same name, perhaps with its key after it, and the same address.
#[cfg(any(feature = "hydrate", test))]
pub fn is_offered(groups: &[Group], text: &str, href: &str) -> bool {
    groups.iter().flat_map(|(_, commands)| commands).any(|command| {
        text.starts_with(&command.text) && matches!(&command.leads, Leads::To(known) if known == href)
    })
}

/// How many answers were found. A list that would go on searching is no answer.
pub fn count_hits(groups: &[Group]) -> usize {
    let goes_on = |command: &&Command| matches!(&command.leads, Leads::To(href) if href.contains(SEARCHING));
    groups.iter().flat_map(|(_, commands)| commands).filter(|command| !goes_on(command)).count()
}

/// What the address of a list has when it is opened with a search.
const SEARCHING: &str = "?sok=";

/// What the server found, as commands; and the lists that go on searching.
pub fn found(t: Texts, hits: PaletteHits, typed: &str, role: Role) -> Vec<Group> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Vec::new();
    }
    let search = |path: &str, text: &str| Command::to(text, format!("{path}{SEARCHING}{}", escaped(typed)));
    let orders = hits.orders.into_iter().map(|row| {
        let status = t.status(&format!("order.{}", row.status.as_str())).unwrap_or_default();
        let supplier = row.supplier_name.unwrap_or_default();
        Command::to(&row.number, format!("/ordre/innkjopsordre/{}", row.number))
            .hinted(format!("{supplier} {status}"))
    });
    let orders = orders.chain([search("/ordre/innkjopsordre", t.palette_search_orders())]).collect();
    let articles = hits
        .articles
        .into_iter()
        .map(|row| Command::to(&row.number, format!("/artikler/{}", escaped(&row.number))).hinted(row.name));
    let articles = articles.chain([search("/artikler", t.palette_search_articles())]).collect();
    let contacts = hits.contacts.into_iter().map(|contact| {
        let (path, role) = match contact.role {
            ContactRole::Supplier => ("/kontakter/leverandorer", t.nav_suppliers()),
            ContactRole::Customer => ("/kontakter/kunder", t.nav_customers()),
        };
        Command::to(contact.name, format!("{path}/{}", contact.contact_id)).hinted(role)
    });
    let contacts = contacts.chain([search("/kontakter/leverandorer", t.palette_search_contacts())]).collect();
    let mut groups =
        vec![(t.nav_orders(), orders), (t.nav_articles(), articles), (t.nav_contacts(), contacts)];
    if role.may(Permission::Administer) {
        let log = search("/admin/logger/integrasjonslogger", t.palette_search_logs());
        groups.push((t.nav_logs(), vec![log]));
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    fn texts(groups: &[Group]) -> Vec<&str> {
        groups.iter().flat_map(|(_, commands)| commands).map(|command| command.text.as_str()).collect()
    }

    #[test]
    fn what_was_run_lately_is_offered_once() {
        let t = Texts::new(Language::Nb);
        let new_order = || Command::to(t.nav_new_order(), "/ordre/innkjopsordre/ny");
        let order = Command::to("PO-2026-00001", "/ordre/innkjopsordre/PO-2026-00001");
        let recent = vec![new_order(), order.clone(), Command::to(t.templates_title(), "/ordre/maler")];
        let groups =
            with_recent(t.palette_recent(), recent.clone(), local(t, Role::Buyer, true), Role::Buyer);
        let leads = |groups: &[Group], href: &str| {
            let leads = Leads::To(href.to_owned());
            groups.iter().flat_map(|(_, commands)| commands).filter(|command| command.leads == leads).count()
        };
        for href in
            ["/ordre/innkjopsordre/ny", "/ordre/maler", "/ordre/innkjopsordre/PO-2026-00001", "/artikler"]
        {
            assert_eq!(leads(&groups, href), 1, "{href}");
        }
        assert_eq!(groups[0].1[0].keys, new_order().keyed(KeyAction::New).keys, "with its key");
        // Another person's on this browser.
        let groups = with_recent(t.palette_recent(), recent, local(t, Role::Reader, true), Role::Reader);
        assert_eq!(groups[0].1, [order]);
    }

    #[test]
    fn a_misspelt_word_finds_its_page() {
        let t = Texts::new(Language::Nb);
        let groups = answering(local(t, Role::Buyer, true), "levrandør");
        assert_eq!(texts(&groups), ["Leverandører", "Ny leverandør"]);
        assert_eq!(groups[0].1[0].keys, Some("G L"));
    }

    /// Pages that nobody goes to by name: before one is signed in, the palette's own, and those that say what to do with what was chosen.
    const NOT_GONE_TO: [&str; 8] = [
        "/",
        "/logg-inn",
        "/oppsett",
        "/sok",
        "/ordre/innkjopsordre/valgte",
        "/ordre/innkjopsordre/utskrift",
        "/salg/ordrekladder/valgte",
        "/admin/api-tilgang/token/laget",
    ];

    #[test]
    fn every_page_with_a_name_is_offered() {
        let offered: Vec<String> = local(Texts::new(Language::Nb), Role::Administrator, true)
            .into_iter()
            .flat_map(|(_, commands)| commands)
            .filter_map(|command| match command.leads {
                Leads::To(href) => Some(href),
                _ => None,
            })
            .collect();
        let routes = include_str!("../routes.rs").split("path!(\"").skip(1);
        let pages: Vec<&str> = routes.filter_map(|rest| rest.split('"').next()).collect();
        assert!(pages.len() > 40, "{pages:?}");
        let missing: Vec<&&str> = pages
            .iter()
            .filter(|page| !page.is_empty() && !page.contains(':') && !NOT_GONE_TO.contains(page))
            .filter(|page| !offered.iter().any(|href| href == *page))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        for typed in ["koblinger", "skrivefeil", "maler"] {
            let groups = answering(local(Texts::new(Language::Nb), Role::Buyer, true), typed);
            assert_eq!(texts(&groups)[0].to_lowercase(), typed);
        }
    }

    #[test]
    fn a_list_that_goes_on_searching_is_no_hit() {
        let groups = found(Texts::new(Language::Nb), PaletteHits::default(), "bolt", Role::Administrator);
        assert_eq!(texts(&groups).len(), 4);
        assert_eq!(count_hits(&groups), 0);
    }

    #[test]
    fn a_button_of_the_page_is_not_offered_twice() {
        let t = Texts::new(Language::Nb);
        let offered = local(t, Role::Buyer, true);
        let with_key = format!("{} N", t.nav_new_order());
        assert!(is_offered(&offered, &with_key, "/ordre/innkjopsordre/ny"));
        assert!(!is_offered(&offered, t.nav_new_order(), "/ordre/innkjopsordre/PO-1/rediger"));
        let reader = local(t, Role::Reader, true);
        assert!(!is_offered(&reader, &with_key, "/ordre/innkjopsordre/ny"));
    }

    fn has_key(action: KeyAction, role: Role, extension_on: bool) -> bool {
        KEYS.iter().filter(|row| row.action == action).any(|row| has_use(row, role, extension_on))
    }

    #[test]
    fn nobody_is_offered_what_the_role_may_not() {
        let t = Texts::new(Language::Nb);
        assert!(answering(local(t, Role::Reader, true), "ny ordre").is_empty());
        assert!(answering(local(t, Role::Buyer, true), "token").is_empty());
        assert_eq!(page_of_key(KeyAction::GoToTokens, Role::Buyer, true), None);
        assert!(!has_key(KeyAction::GoToTokens, Role::Buyer, true));
        assert!(has_key(KeyAction::GoToTokens, Role::Administrator, true));
        assert!(has_key(KeyAction::OpenPalette, Role::Reader, false));
        assert!(has_key(KeyAction::New, Role::Seller, true) && !has_key(KeyAction::New, Role::Reader, true));
        for action in [KeyAction::ExportSelected, KeyAction::Check, KeyAction::Paste, KeyAction::ConfirmLink]
        {
            assert!(has_key(action, Role::Buyer, true) && !has_key(action, Role::Seller, true), "{action:?}");
        }
        assert!(
            !may_see("/admin/utvidelser", Role::Buyer) && may_see("/admin/utvidelser", Role::Administrator)
        );
        assert!(may_see("/hjelp", Role::Reader));
        // What is below the menu's pages, or begun there, is offered to those alone who may.
        assert!(!may_see("/ordre/maler", Role::Reader) && may_see("/ordre/maler", Role::Buyer));
        assert!(
            !may_see("/ordre/innkjopsordre/ny", Role::Seller) && may_see("/artikler/koblinger", Role::Reader)
        );
        assert_eq!(page_of_key(KeyAction::GoToDrafts, Role::Seller, true), Some("/salg/ordrekladder"));
        assert_eq!(page_of_key(KeyAction::GoToDrafts, Role::Seller, false), None);
    }
}
