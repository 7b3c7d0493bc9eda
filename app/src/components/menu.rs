//! The menu as data: the guide's paths, and who sees which.

use domain::roles::{Permission, Role};

use crate::i18n::Texts;

/// One entry of the menu.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub href: &'static str,
    pub text: fn(Texts) -> &'static str,
    permission: Permission,
    /// Only while the extension *ProdSys to ProdSys* is on.
    needs_extension: bool,
    /// The heading above it inside its group: *API-tilgang*, *Integrasjoner*, *Logger*.
    pub sub: Option<fn(Texts) -> &'static str>,
}

/// Entries under one heading.
pub(super) struct Group {
    pub heading: Option<fn(Texts) -> &'static str>,
    pub entries: &'static [Entry],
}

const fn entry(href: &'static str, text: fn(Texts) -> &'static str, permission: Permission) -> Entry {
    Entry { href, text, permission, needs_extension: false, sub: None }
}

const fn of_extension(entry: Entry) -> Entry {
    Entry { needs_extension: true, ..entry }
}

const fn under(sub: fn(Texts) -> &'static str, entry: Entry) -> Entry {
    Entry { sub: Some(sub), ..entry }
}

/// The whole menu, in the guide's order.
pub(super) static MENU: &[Group] = &[
    Group { heading: None, entries: &[entry("/oversikt", Texts::nav_overview, Permission::Read)] },
    Group {
        heading: Some(Texts::nav_orders),
        entries: &[
            entry("/ordre/innkjopsordre", Texts::nav_purchase_orders, Permission::Read),
            of_extension(entry("/ordre/eksporter-til-partner", Texts::nav_export, Permission::Purchase)),
        ],
    },
    Group {
        heading: Some(Texts::nav_sales),
        entries: &[
            of_extension(entry("/salg/ordrekladder", Texts::nav_drafts, Permission::Read)),
            of_extension(entry("/salg/salgsordre", Texts::nav_sales_orders, Permission::Read)),
        ],
    },
    Group { heading: None, entries: &[entry("/artikler", Texts::nav_articles, Permission::Read)] },
    Group {
        heading: Some(Texts::nav_contacts),
        entries: &[
            entry("/kontakter/leverandorer", Texts::nav_suppliers, Permission::Read),
            entry("/kontakter/kunder", Texts::nav_customers, Permission::Read),
        ],
    },
    Group {
        heading: Some(Texts::nav_admin),
        entries: &[
            entry("/admin/utvidelser", Texts::nav_extensions, Permission::Administer),
            under(
                Texts::nav_api_access,
                entry("/admin/api-tilgang/token", Texts::nav_tokens, Permission::Administer),
            ),
            under(
                Texts::nav_integrations,
                of_extension(entry(
                    "/admin/integrasjoner/prodsys-to-prodsys",
                    Texts::nav_prodsys_to_prodsys,
                    Permission::Administer,
                )),
            ),
            under(
                Texts::nav_logs,
                entry(
                    "/admin/logger/integrasjonslogger",
                    Texts::nav_integration_logs,
                    Permission::Administer,
                ),
            ),
        ],
    },
];

/// The entries of a group that the role may see as things are.
pub(super) fn visible(group: &'static Group, role: Role, extension_on: bool) -> Vec<Entry> {
    let shown = |entry: &&Entry| role.may(entry.permission) && (extension_on || !entry.needs_extension);
    group.entries.iter().filter(shown).copied().collect()
}

/// A place in the bottom bar of a phone.
pub(super) struct Shortcut {
    pub href: &'static str,
    pub icon: &'static str,
    pub text: fn(Texts) -> &'static str,
}

/// The three places that a role goes to most; *Meny* stands beside them.
pub(super) fn shortcuts(role: Role, extension_on: bool) -> Vec<Shortcut> {
    let overview = Shortcut { href: "/oversikt", icon: "home", text: Texts::nav_overview };
    let orders = Shortcut { href: "/ordre/innkjopsordre", icon: "list", text: Texts::nav_orders };
    let new_order = Shortcut { href: "/ordre/innkjopsordre/ny", icon: "plus", text: Texts::nav_new_order };
    let drafts = Shortcut { href: "/salg/ordrekladder", icon: "inbox", text: Texts::nav_drafts_short };
    match (role, extension_on) {
        (Role::Buyer, _) => vec![overview, orders, new_order],
        (Role::Seller | Role::Administrator | Role::Reader, true) => vec![overview, drafts, orders],
        (Role::Seller | Role::Administrator | Role::Reader, false) => vec![overview, orders],
    }
}

/// Whether the page at `path` is the entry's or lies below it.
pub(super) fn is_current(href: &str, path: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hrefs(role: Role, extension_on: bool) -> Vec<&'static str> {
        MENU.iter().flat_map(|group| visible(group, role, extension_on)).map(|entry| entry.href).collect()
    }

    #[test]
    fn the_menu_follows_role_and_extension() {
        assert_eq!(hrefs(Role::Administrator, true).len(), 12);
        assert!(!hrefs(Role::Administrator, false).contains(&"/salg/ordrekladder"));
        assert!(hrefs(Role::Administrator, false).contains(&"/admin/utvidelser"));
        assert!(hrefs(Role::Buyer, true).contains(&"/ordre/eksporter-til-partner"));
        assert!(!hrefs(Role::Reader, true).contains(&"/ordre/eksporter-til-partner"));
        assert!(!hrefs(Role::Seller, true).iter().any(|href| href.starts_with("/admin")));
    }

    #[test]
    fn a_page_below_an_entry_marks_the_entry() {
        assert!(is_current("/ordre/innkjopsordre", "/ordre/innkjopsordre/PO-1"));
        assert!(!is_current("/artikler", "/artikler-2"));
    }
}
