//! How old what we know of the chosen supplier's articles is: an article that is proposed, and a match, is no fresher than that.

use domain::connections::{CatalogueKnown, CatalogueSource};
use domain::time::Timestamp;
use leptos::prelude::*;

use super::form_state::OrderFormState;
use crate::components::{Note, Tone};
use crate::format;
use crate::i18n::{Texts, use_texts};

/// «Katalogen fra Bolt & Feste AS: lest for 3 minutter siden.» Says nothing until a supplier is chosen.
#[component]
pub(super) fn CatalogueLine(
    state: OrderFormState,
    catalogues: Vec<CatalogueKnown>,
    /// The moment at which the page was made.
    now: Timestamp,
) -> impl IntoView {
    let t = use_texts();
    let known = RwSignal::new((catalogues, now));
    #[cfg(feature = "hydrate")]
    follow(state, known);
    let line = move || {
        let supplier = state.supplier_name()?;
        let chosen = state.supplier_id.get();
        let (text, is_away) = known.with(|(catalogues, now)| {
            let of = catalogues.iter().find(|known| known.contact_id.to_string() == chosen);
            (words(t, &supplier, of, *now), of.is_some_and(|known| known.is_away))
        });
        Some(if is_away {
            view! { <Note tone=Tone::Warning>{text}</Note> }.into_any()
        } else {
            text.into_any()
        })
    };
    view! { <p class="hint" data-test="catalogue">{line}</p> }
}

fn words(t: Texts, supplier: &str, known: Option<&CatalogueKnown>, now: Timestamp) -> String {
    let Some(known) = known else { return t.catalogue_none(supplier) };
    match (known.source, known.age.read_at) {
        (CatalogueSource::File, Some(at)) => {
            let read = format::date(at.date_in_oslo(), t.language());
            match known.age.prices_from {
                Some(from) => t.catalogue_file_from(supplier, format::date(from, t.language()), read),
                None => t.catalogue_file(supplier, read),
            }
        }
        (CatalogueSource::File, None) => t.catalogue_none(supplier),
        (CatalogueSource::Partner, None) => t.catalogue_reading(supplier),
        (CatalogueSource::Partner, Some(at)) if known.is_away => t.catalogue_away(supplier, age(t, at, now)),
        (CatalogueSource::Partner, Some(at)) => t.catalogue_read(supplier, age(t, at, now)),
    }
}

/// How long ago it was, or the day when that says more.
fn age(t: Texts, at: Timestamp, now: Timestamp) -> String {
    match (now.0 - at.0) / 60_000_000 {
        ..1 => t.catalogue_now().to_owned(),
        minutes @ 1..60 => t.catalogue_minutes(minutes),
        minutes @ 60..1440 => t.catalogue_hours(minutes / 60),
        _ => format::day_time(at, t.language()),
    }
}

/// Asks again every minute, and when another supplier is chosen. When a supplier went away or came back, every line is judged anew.
#[cfg(feature = "hydrate")]
fn follow(state: OrderFormState, known: RwSignal<(Vec<CatalogueKnown>, Timestamp)>) {
    use std::time::Duration;

    use leptos::task::spawn_local;

    use crate::api::orders::read_catalogue;

    const EVERY: Duration = Duration::from_secs(60);

    let ask = move || {
        let Some(supplier_id) = state.supplier_id.try_get_untracked().filter(|chosen| !chosen.is_empty())
        else {
            return;
        };
        spawn_local(async move {
            let answer = read_catalogue(supplier_id.clone()).await;
            let Some(before) = known.try_get_untracked() else { return };
            let Ok(seen) = answer else {
                // What is known grows old meanwhile, also without a network.
                known.update(|(_, now)| *now = now.plus_seconds(60));
                return;
            };
            let of = |known: &&CatalogueKnown| known.contact_id.to_string() == supplier_id;
            let was_away = before.0.iter().find(of).map(|known| known.is_away);
            known.update(|(catalogues, now)| {
                catalogues.retain(|known| known.contact_id.to_string() != supplier_id);
                catalogues.extend(seen.known);
                *now = seen.now;
            });
            if was_away != seen.known.map(|known| known.is_away) {
                state.judge.touch_all(state);
            }
        });
    };
    Effect::watch(move || state.supplier_id.get(), move |_, _, _| ask(), false);
    let timer = set_interval_with_handle(ask, EVERY).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use domain::connections::CatalogueAge;
    use domain::ids::ContactId;

    use super::*;
    use crate::i18n::Language;

    #[test]
    fn the_age_is_told_in_minutes_hours_and_days() {
        let now = Timestamp(1_795_000_000_000_000);
        let told = |source, is_away, seconds: Option<i64>| {
            let read_at = seconds.map(|ago| now.plus_seconds(-ago));
            let age = CatalogueAge { read_at, articles: 5, prices_from: None };
            let known = CatalogueKnown { contact_id: ContactId(Default::default()), age, source, is_away };
            words(Texts::new(Language::Nb), "Bolt & Feste AS", Some(&known), now)
        };
        let partner = CatalogueSource::Partner;
        assert_eq!(told(partner, false, Some(20)), "Katalogen fra Bolt & Feste AS: lest nå nettopp");
        assert_eq!(
            told(partner, false, Some(200)),
            "Katalogen fra Bolt & Feste AS: lest for 3 minutter siden"
        );
        assert!(told(partner, true, Some(7300)).contains("sist lest for 2 timer siden."));
        assert!(told(partner, false, None).ends_with("leses for første gang"));
        assert!(told(CatalogueSource::File, false, Some(200_000)).contains("prisfil lest inn "));
        let from = domain::time::CalendarDate::from_ymd(2026, 11, 1);
        let age = CatalogueAge { read_at: Some(now), articles: 5, prices_from: from };
        let file = CatalogueKnown {
            contact_id: ContactId(Default::default()),
            age,
            source: CatalogueSource::File,
            is_away: false,
        };
        let file = words(Texts::new(Language::Nb), "Fjord Stål AS", Some(&file), now);
        let day = format::date(now.date_in_oslo(), Language::Nb);
        assert_eq!(file, format!("Katalogen fra Fjord Stål AS: prisfil fra 01.11.2026, lest {day}"));
        let none = words(Texts::new(Language::En), "Bolt", None, now);
        assert_eq!(none, "We have no catalogue of Bolt. The lines are not checked.");
    }
}
