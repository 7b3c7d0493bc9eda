//! How numbers, dates and times are written.

use super::*;

fn plain(text: &str) -> String {
    text.replace(NBSP, "_")
}

#[test]
fn amounts() {
    let check = |value: i64, nb: &str, en: &str| {
        assert_eq!(plain(&money(Money(value), Language::Nb)), nb);
        assert_eq!(money(Money(value), Language::En), en);
    };
    check(177_600, "1_776,00", "1,776.00");
    check(5, "0,05", "0.05");
    check(-123_456_789, "\u{2212}1_234_567,89", "\u{2212}1,234,567.89");
    check(99_900, "999,00", "999.00");
    assert_eq!(plain(&money_with_currency(Money(100), "NOK", Language::Nb)), "1,00_kr");
    assert_eq!(plain(&money_with_currency(Money(100), "EUR", Language::Nb)), "1,00_EUR");
    assert_eq!(plain(&money_with_currency(Money(100), "NOK", Language::En)), "NOK_1.00");
    let price = |currency, language| plain(&unit_price_with_currency(UnitPrice(12_500), currency, language));
    assert_eq!(price("NOK", Language::Nb), "0,0125_kr");
    assert_eq!(price("EUR", Language::En), "EUR_0.0125");
}

#[test]
fn quantities_prices_and_percentages() {
    assert_eq!(plain(&quantity(Quantity::whole(1200), Language::Nb)), "1_200");
    assert_eq!(quantity(Quantity(2_500_000), Language::Nb), "2,5");
    assert_eq!(unit_price(UnitPrice(4_200_000), Language::Nb), "4,20");
    assert_eq!(unit_price(UnitPrice(12_500), Language::Nb), "0,0125");
    assert_eq!(plain(&percent(Percent(12_500_000), Language::Nb)), "12,5_%");
    assert_eq!(percent(Percent::whole(25), Language::En), "25%");
    assert_eq!(for_input(1_776_500_000, Language::Nb), "1776,5");
    for (value, language, text) in [
        (1_234_000, Language::Nb, "1,234"),
        (1_234_000, Language::En, "1.2340"),
        (1_234_000_000, Language::En, "1234"),
        (125_000, Language::En, "0.125"),
    ] {
        assert_eq!(for_field(value, language), text);
        assert_eq!(parse_typed(text), Ok(value));
    }
    assert_eq!(plain(&quantity_with_unit(Quantity::whole(200), "EA", Language::Nb)), "200_stk.");
}

#[test]
fn what_was_typed_is_shown_like_what_is_stored() {
    let t = Texts::new(Language::Nb);
    for (typed, unit, shown) in [
        ("1000", "EA", "1_000_stk."),
        ("1 000,50", "EA", "1_000,5_stk."),
        ("2,500", "EA", "2,5_stk."),
        ("noen", "EA", "noen stk."),
        ("", "EA", "stk."),
    ] {
        assert_eq!(plain(&typed_quantity(typed, unit, Language::Nb)), shown);
    }
    for (typed, base, shown) in
        [("350", "100", "350,00 per 100"), ("4,2", "", "4,20"), ("1234,5", "1", "1_234,50"), ("", "100", "")]
    {
        assert_eq!(plain(&typed_price(t, typed, base)), shown);
    }
}

#[test]
fn a_wanted_date_is_said_in_words() {
    let today = CalendarDate::from_ymd(2026, 11, 24).expect("a date");
    let echo = |language, typed| plain(&date_echo(Texts::new(language), typed, today).text);
    assert_eq!(echo(Language::Nb, "1.12"), "tirsdag 1._desember 2026, uke 49");
    assert_eq!(echo(Language::En, "1.12"), "Tuesday 1_December 2026, week 49");
    assert_eq!(echo(Language::Nb, "lør"), "lørdag 28._november 2026, uke 48. Det er helg.");
    let christmas = "fredag 25._desember 2026, uke 52. Det er 1. juledag.";
    assert_eq!(echo(Language::Nb, "25.12"), christmas);
    assert_eq!(echo(Language::Nb, "23.11.26"), "mandag 23._november 2026, uke 48. Datoen er passert.");
    assert_eq!(echo(Language::Nb, "snart"), "For eksempel 1.12, +7, fredag eller uke 50");
    assert_eq!(echo(Language::Nb, " 31.02 "), "31.02 finnes ikke i kalenderen.");
    let warns = |typed| date_echo(Texts::new(Language::Nb), typed, today).is_warning;
    assert_eq!(
        ["1.12", "lør", "23.11.26", "31.02", "31.", ""].map(warns),
        [false, true, true, true, false, false]
    );
}

#[test]
fn dates_and_times() {
    let day = CalendarDate::from_ymd(2026, 12, 1).expect("a date");
    assert_eq!(date(day, Language::Nb), "01.12.2026");
    assert_eq!(plain(&date(day, Language::En)), "1_Dec_2026");
    assert_eq!(plain(&date_long(day, Language::Nb)), "tirsdag 1._desember 2026");
    assert_eq!(plain(&date_long(day, Language::En)), "Tuesday 1_December 2026");
    assert_eq!(week(day), 49);
    let moment = Timestamp::from_rfc3339("2026-11-23T13:32:07Z").expect("a moment");
    assert_eq!(plain(&time(moment, Language::Nb)), "kl._14:32");
    assert_eq!(plain(&day_time(moment, Language::Nb)), "23._nov. kl._14:32");
    assert_eq!(plain(&day_time(moment, Language::En)), "23_Nov 14:32");
    assert_eq!(date_time_seconds(moment, Language::Nb), "23.11.2026 14:32:07");
    assert_eq!(plain(&org_number("310004170")), "310_004_170");
    assert_eq!(org_number("NO 310"), "NO 310");
}
